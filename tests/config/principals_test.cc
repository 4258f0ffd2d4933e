#include "semcached/config/principals.h"

#include <gtest/gtest.h>

#include <string>

namespace semcached {
namespace {

const std::string kHash(64, 'a');

ConfigResult<std::vector<PrincipalConfig>> Parse(const std::string& content) {
  return ParsePrincipals("principals.yaml", content);
}

TEST(PrincipalsTest, EveryKeyArrives) {
  const auto read = Parse("principals:\n  acme:\n    tokens_sha256: [" + kHash +
                          "]\n    certificate: gw.example\n    rights: [lookup, insert]\n"
                          "    namespaces: [acme, \"acme eu\"]\n    max_rate: 5.5\n"
                          "    max_insert_rate: 2\n"
                          "  ops: {certificate: ops.example, rights: [admin, load, feedback], "
                          "all_namespaces: true}\n");
  ASSERT_TRUE(read.ok()) << ToString(read.errors);
  ASSERT_EQ(read.value->size(), 2U);
  const PrincipalConfig& acme = read.value->at(0);
  EXPECT_EQ(acme.name, "acme");
  ASSERT_EQ(acme.tokens.size(), 1U);
  EXPECT_EQ(ToHex(acme.tokens[0]), kHash);
  EXPECT_EQ(acme.certificate, "gw.example");
  EXPECT_EQ(acme.rights, (std::vector<Right>{Right::kLookup, Right::kInsert}));
  EXPECT_FALSE(acme.all_namespaces);
  EXPECT_EQ(acme.namespaces, (std::set<std::string, std::less<>>{"acme", "acme eu"}));
  EXPECT_EQ(acme.max_rate, 5.5);
  EXPECT_EQ(acme.max_insert_rate, 2);
  const PrincipalConfig& ops = read.value->at(1);
  EXPECT_TRUE(ops.all_namespaces);
  EXPECT_EQ(ops.rights, (std::vector<Right>{Right::kAdmin, Right::kLoad, Right::kFeedback}));
}

struct Broken {
  std::string principal;  // the keys of one, in line 2
  std::string error;
};

TEST(PrincipalsTest, SaysWhereWhatAndWhatIsAllowed) {
  const std::string rest = ", rights: [lookup], all_namespaces: true";
  for (const Broken& broken : {
           Broken{"rights: [lookup], all_namespaces: true",
                  "tokens_sha256: is missing or empty, and certificate too: nobody could be it; "},
           Broken{"tokens_sha256: [secret]" + rest,
                  "tokens_sha256: has an element of 6 characters that is no hash; allowed: "},
           Broken{"certificate: c, rights: [delete], all_namespaces: true",
                  "rights[0]: delete is not allowed here; allowed: lookup, insert, feedback, "},
           Broken{"tokens_sha256: []" + rest, "tokens_sha256: is missing or empty, "},
           Broken{"certificate: c, rights: [], all_namespaces: true", "rights: names none; "},
           Broken{"certificate: c, all_namespaces: true", "rights: is missing; allowed: "},
           Broken{"certificate: c, rights: [lookup]", "namespaces: names none; allowed: "},
           Broken{"certificate: c, namespaces: [a]" + rest,
                  "namespaces: stands beside all_namespaces: true; allowed: one of the two"},
           Broken{"certificate: c, max_rate: 0" + rest, "max_rate: 0 is out of range; allowed: "},
           Broken{"certificate: c, right: [lookup]" + rest, "right: is unknown, perhaps rights; "},
       }) {
    const auto read = Parse("principals:\n  acme: {" + broken.principal + "}\n");
    EXPECT_NE(ToString(read.errors).find("principals.yaml:2: principals.acme." + broken.error),
              std::string::npos)
        << ToString(read.errors);
  }
}

// What stands there by mistake may be the token itself.
TEST(PrincipalsTest, NoErrorRepeatsASecret) {
  for (const char* acme : {"{tokens_sha256: [hunter2-hunter2], rights: [lookup]}",
                           "{tokens_sha256: hunter2-hunter2, rights: [lookup]}",
                           "{tokens_sha256: \"hunter2\", rights: [lookup]}",
                           "{tokens_sha256: {hunter2: 1}, rights: [lookup]}", "hunter2"}) {
    const auto read = Parse("principals: {acme: " + std::string(acme) + "}");
    EXPECT_FALSE(read.ok()) << acme;
    EXPECT_EQ(ToString(read.errors).find("hunter2"), std::string::npos) << ToString(read.errors);
  }
}

TEST(PrincipalsTest, NoTwoAreTheSame) {
  const std::string one = ": {tokens_sha256: [" + kHash + "], rights: [lookup], " +
                          "all_namespaces: true, certificate: c}\n";
  const std::string errors = ToString(Parse("principals:\n  a" + one + "  b" + one).errors);
  EXPECT_EQ(errors,
            "principals.yaml:3: principals.b: has a token that stands in this file before; "
            "allowed: another\n"
            "principals.yaml:3: principals.b: has the certificate c of another principal; "
            "allowed: another\n");
}

TEST(PrincipalsTest, AFileWithoutPrincipalsIsAMistake) {
  EXPECT_EQ(ToString(Parse("principal: {}").errors).substr(0, 18), "principals.yaml:1:");
  EXPECT_FALSE(ReadPrincipals("no/such/file.yaml").ok());
}

}  // namespace
}  // namespace semcached
