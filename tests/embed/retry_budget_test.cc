#include "embed/retry_budget.h"

#include <gtest/gtest.h>

namespace semcached {
namespace {

TEST(RetryBudgetTest, OneRetryIsGivenInAdvance) {
  RetryBudget budget;
  EXPECT_TRUE(budget.TakeRetry());
  EXPECT_FALSE(budget.TakeRetry());
}

TEST(RetryBudgetTest, TenRequestsEarnOne) {
  RetryBudget budget;
  ASSERT_TRUE(budget.TakeRetry());
  for (int i = 0; i < 9; ++i) budget.CountRequest();
  EXPECT_FALSE(budget.TakeRetry());
  budget.CountRequest();
  EXPECT_TRUE(budget.TakeRetry());
  EXPECT_FALSE(budget.TakeRetry());
}

TEST(RetryBudgetTest, SavesUpNoMoreThanTen) {
  RetryBudget budget;
  for (int i = 0; i < 100'000; ++i) budget.CountRequest();
  int retries = 0;
  while (budget.TakeRetry()) ++retries;
  EXPECT_EQ(retries, 10);
}

}  // namespace
}  // namespace semcached
