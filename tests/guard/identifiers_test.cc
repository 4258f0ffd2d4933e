#include "guard/pairs.h"

namespace semcached {
namespace {

void Differ(const std::vector<Pair>& pairs) { ExpectRefused(GuardKind::kIdentifiers, pairs); }
void Agree(const std::vector<Pair>& pairs) { ExpectPassed(GuardKind::kIdentifiers, pairs); }

TEST(IdentifiersTest, PlainLanguageHasNone) {
  Agree({{"What is the capital of France?", "the capital of Spain"},
         {"Hello. World", "e.g. the U.S. and 3.14"},
         {"NASA and URLs", "an end.And a start"},
         {"5km in 2nd gear in the 1990s", "it costs Rs.500 for 5.4ft"},
         {"well-known - and -", "..."}});
}

TEST(IdentifiersTest, OtherCodeDiffers) {
  Differ({{"what does std::move do", "what does std::forward do"},
          {"use sort_ascending", "use sort_descending"},
          {"call foo()", "call bar()"},
          {"edit main.cc", "edit main.h"},
          {"git commit --amend", "git commit --all"},
          {"ls -l", "ls -a"},
          {"error 0x80070057", "error 0x80070005"},
          {"error E1234", "error E1235"},
          {"use getUser", "use setUser"},
          {"install 1.2.3", "install 1.2.4"},
          {"open https://a.example/x", "open https://a.example/y"},
          {"run MY_VAR", "run my_var"}});
}

TEST(IdentifiersTest, CodeAgainstNoneDiffers) {
  Differ({{"what does memcpy_s do", "what does it do"}});
}

TEST(IdentifiersTest, PunctuationAroundDoesNotCount) {
  Agree({{"what does `std::move` do?", "explain std::move."},
         {"call foo().", "what is foo()"},
         {"edit (main.cc), please", "edit main.cc"},
         {"foo_bar, baz_qux", "baz_qux; foo_bar"}});
}

TEST(IdentifiersTest, ACallAgreesWithItsName) { Agree({{"what is foo_bar()", "what is foo_bar"}}); }

TEST(IdentifiersTest, NamesAgreeInTheirSpellings) {
  Agree({{"learn JavaScript", "learn javascript"},
         {"iPhone6 battery", "iphone 6 battery"},
         {"Covid19", "covid-19"},
         {"YouTube", "Youtube"}});
}

TEST(IdentifiersTest, TheReasonShowsBothSides) {
  EXPECT_EQ(Refusal(GuardKind::kIdentifiers, "use a_b", "use c_d"),
            "identifiers differ: a_b against c_d");
}

// The model knows no case: these have one vector.
TEST(IdentifiersTest, EscapesAreWrittenAsTheyAreMeant) {
  ExpectRefused(GuardKind::kIdentifiers, {{R"(what does \d match)", R"(what does \D match)"},
                                          {"strftime %m", "strftime %M"}});
  ExpectPassed(GuardKind::kIdentifiers, {{R"(what does \d match)", R"(\d matches what)"},
                                         {"what is 5 % of 20", "5 % of 20 is what"}});
}

TEST(IdentifiersTest, OddTextsDoNoHarm) {
  for (const std::string_view odd :
       {"", "_", "()", "--", "::", ".", "..a", "a..b", "\"", "(((", "a.", ".a", "-", "0x"}) {
    EXPECT_EQ(Refusal(GuardKind::kIdentifiers, odd, odd), std::nullopt) << odd;
    EXPECT_EQ(Refusal(GuardKind::kIdentifiers, odd, "").has_value(),
              Refusal(GuardKind::kIdentifiers, "", odd).has_value());
  }
}

TEST(IdentifiersTest, AVersionMayBeSpeltOtherwise) {
  Agree({{"the v1.1 endpoint", "the endpoint of version 1.1"},
         {"MQTT 3.1.1", "MQTT v3.1.1"},
         {"HTTP/1.1 headers", "headers of HTTP 1.1"},
         {"Node.js 20", "Node 20"}});
  Differ({{"the v1.1 endpoint", "the endpoint of version 1.10"},
          {"the v1.1 endpoint", "the endpoint of version 2.1.1"},
          {"app.js", "app.ts"},
          {"next.config.js", "next.setup.js"}});
}

TEST(IdentifiersTest, APathIsCode) {
  Differ({{"GET /users/{id}/followers", "GET /users/{id}/following"},
          {"edit /etc/hosts", "edit /etc/passwd"},
          {"GET /users/1", "GET /orders/1"},
          {"the subnet 10.0.0.0/8", "the subnet 192.168.0.0/8"}});
  Agree({{"the /login endpoint", "the login endpoint"}, {"edit /etc/nginx/", "edit /etc/nginx"}});
}

TEST(IdentifiersTest, AMemberMayNameItsModule) {
  Agree({{"pandas read_csv", "pd.read_csv"}});
  Differ({{"os.read_csv", "pd.read_csv"}, {"a.get()", "b.get()"}});
}

TEST(IdentifiersTest, AMemberAndItsModuleMayBeWords) {
  Agree({{"which errors does json.loads raise", "which errors does loads raise for JSON"}});
  Differ({{"which errors does json.loads raise", "which errors does load raise for JSON"},
          {"what is user.name", "what is name.user"}});
}

}  // namespace
}  // namespace semcached
