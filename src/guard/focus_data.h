// Words that say what a question asks for; English only.
#ifndef SEMCACHED_GUARD_FOCUS_DATA_H_
#define SEMCACHED_GUARD_FOCUS_DATA_H_

#include <string_view>

#include "guard/focus.h"

namespace semcached::guard {

// Sorted. A question that begins with one wants a yes or a no; "when" asks before one only.
inline constexpr std::string_view kAuxiliaries[] = {
    "am",      "are",    "aren't", "can",    "can't", "could", "did",   "didn't", "do",    "does",
    "doesn't", "don't",  "had",    "has",    "have",  "is",    "isn't", "may",    "might", "must",
    "shall",   "should", "was",    "wasn't", "were",  "will",  "won't", "would",
};

// "Can you tell me", "do you know": the question comes behind.
inline constexpr std::string_view kPoliteVerbs[] = {
    "answer", "clarify", "describe", "explain", "help", "know", "remember", "say", "tell",
};

// Sorted. "Who" right behind one tells of whom a text speaks, and asks nothing.
inline constexpr std::string_view kToldOf[] = {
    "adults",   "anybody", "anyone",    "children", "citizens", "customers", "employees",
    "everyone", "guests",  "kids",      "members",  "men",      "parents",   "patients",
    "people",   "players", "residents", "somebody", "someone",  "staff",     "students",
    "tenants",  "those",   "users",     "visitors", "women",    "workers",
};

// Sorted. "How fast" is it may be how long it takes; and "how else" asks for no
// degree.
inline constexpr std::string_view kTimelyWords[] = {
    "close", "early",   "else",    "exactly", "fast",   "late", "lengthy",
    "quick", "quickly", "rapidly", "slow",    "slowly", "soon",
};

// Sorted. Done once a time: "how many walks a day" is how often.
inline constexpr std::string_view kActs[] = {"baths", "feeds", "meals", "naps", "showers", "walks"};

// Sorted. "In what cases" is when.
inline constexpr std::string_view kOccasions[] = {"cases", "circumstances", "situations"};

struct FocusWord {
  std::string_view word;
  Focus focus;
};

// Behind "how".
inline constexpr FocusWord kHowWords[] = {
    {"many", Focus::kHowMany},   {"long", Focus::kHowLong},
    {"often", Focus::kHowOften}, {"frequently", Focus::kHowOften},
    {"far", Focus::kHowFar},     {"old", Focus::kHowOld},
    {"tall", Focus::kSize},      {"big", Focus::kSize},
    {"large", Focus::kSize},     {"heavy", Focus::kSize},
    {"deep", Focus::kSize},      {"high", Focus::kSize},
    {"wide", Focus::kSize},      {"soon", Focus::kWhen},
    {"come", Focus::kWhy},       {"do", Focus::kHow},
    {"does", Focus::kHow},       {"did", Focus::kHow},
    {"can", Focus::kHow},        {"could", Focus::kHow},
    {"to", Focus::kHow},         {"should", Focus::kHow},
    {"is", Focus::kHow},         {"are", Focus::kHow},
    {"was", Focus::kHow},        {"were", Focus::kHow},
    {"would", Focus::kHow},      {"will", Focus::kHow},
};

// Behind "what" and "which".
inline constexpr FocusWord kWhatWords[] = {
    {"year", Focus::kWhen},     {"date", Focus::kWhen},      {"day", Focus::kWhen},
    {"time", Focus::kWhen},     {"month", Focus::kWhen},     {"century", Focus::kWhen},
    {"place", Focus::kWhere},   {"places", Focus::kWhere},   {"city", Focus::kWhere},
    {"country", Focus::kWhere}, {"location", Focus::kWhere}, {"person", Focus::kWho},
    {"people", Focus::kWho},    {"causes", Focus::kWhy},     {"caused", Focus::kWhy},
    {"makes", Focus::kWhy},     {"age", Focus::kHowOld},
};

// Behind "what is the".
inline constexpr FocusWord kWhatIsWords[] = {
    {"price", Focus::kCost},       {"cost", Focus::kCost},          {"costs", Focus::kCost},
    {"fee", Focus::kCost},         {"reason", Focus::kWhy},         {"reasons", Focus::kWhy},
    {"cause", Focus::kWhy},        {"causes", Focus::kWhy},         {"population", Focus::kHowMany},
    {"number", Focus::kHowMany},   {"age", Focus::kHowOld},         {"distance", Focus::kHowFar},
    {"duration", Focus::kHowLong}, {"frequency", Focus::kHowOften}, {"height", Focus::kSize},
    {"size", Focus::kSize},        {"weight", Focus::kSize},        {"depth", Focus::kSize},
    {"date", Focus::kWhen},        {"location", Focus::kWhere},
};

// One answer serves both: "how far" and "how long" of a way, "where" and "how" to get something.
struct FocusPair {
  Focus one;
  Focus other;
};
inline constexpr FocusPair kServedTogether[] = {
    {Focus::kHowMuch, Focus::kHowMany},      {Focus::kHowMuch, Focus::kCost},
    {Focus::kHowFar, Focus::kHowLong},       {Focus::kHowLong, Focus::kWhen},
    {Focus::kHowManySpans, Focus::kHowMany}, {Focus::kHowManySpans, Focus::kHowLong},
    {Focus::kHowMany, Focus::kSize},         {Focus::kHow, Focus::kWhether},
    {Focus::kHowOld, Focus::kWhen},          {Focus::kHowMuch, Focus::kSize},
    {Focus::kHowMuch, Focus::kHowOften},     {Focus::kDegree, Focus::kHow},
    {Focus::kDegree, Focus::kWhether},       {Focus::kDegree, Focus::kWhy},
    {Focus::kDegree, Focus::kHowMuch},       {Focus::kDegree, Focus::kCost},
    {Focus::kDegree, Focus::kSize},          {Focus::kDegree, Focus::kHowOften},
    {Focus::kDegree, Focus::kHowFar},        {Focus::kDegree, Focus::kWhen},
    {Focus::kDegree, Focus::kHowMany},
};

// As reasons name them.
struct FocusName {
  Focus focus;
  std::string_view name;
};
inline constexpr FocusName kFocusNames[] = {
    {Focus::kWho, "who"},
    {Focus::kWhen, "when"},
    {Focus::kWhere, "where"},
    {Focus::kWhy, "why"},
    {Focus::kHow, "how"},
    {Focus::kHowMany, "how many"},
    {Focus::kHowMuch, "how much"},
    {Focus::kCost, "what cost"},
    {Focus::kHowLong, "how long"},
    {Focus::kHowManySpans, "how many days"},
    {Focus::kHowOften, "how often"},
    {Focus::kHowFar, "how far"},
    {Focus::kHowOld, "how old"},
    {Focus::kSize, "how big"},
    {Focus::kDegree, "to which degree"},
    {Focus::kWhether, "yes or no"},
    {Focus::kWhat, "what"},
};

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_FOCUS_DATA_H_
