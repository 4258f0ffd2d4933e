#include "guard/pairs.h"

namespace semcached {
namespace {

void Differ(const std::vector<Pair>& pairs) { ExpectRefused(GuardKind::kNegation, pairs); }
void Agree(const std::vector<Pair>& pairs) { ExpectPassed(GuardKind::kNegation, pairs); }

TEST(NegationTest, OneNegatedTextDiffers) {
  Differ({{"can I eat this", "can't I eat this"},
          {"foods with gluten", "foods without gluten"},
          {"is it safe", "is it not safe"},
          {"I do like it", "I don’t like it"},
          {"it works", "it doesnt work"},
          {"who can vote", "who cannot vote"},
          {"I am able to log in", "I am unable to log in"},
          {"he always said it", "he never said it"}});
}

TEST(NegationTest, TwoNegatedTextsAgree) {
  Agree({{"why can't I log in", "why am I unable to log in"},
         {"why is it not starting", "why doesn't it start"},
         {"cook without oil", "cook with no oil"}});
}

TEST(NegationTest, TwoNegationsCancelOut) {
  Agree({{"it is not impossible without help, is it", "it is not impossible without help"},
         {"I cannot not go", "I go"}});
}

TEST(NegationTest, NeitherAndNorAreOneNegation) {
  Agree({{"neither rain nor snow", "not rain or snow"}});
}

TEST(NegationTest, FormsThatDenyNothingAgree) {
  Agree({{"why don't you restart it", "restart it"},
         {"it is cold, isn't it?", "it is cold?"},
         {"no problem, restart", "restart"},
         {"see No. 5", "see 5"},
         {"not only apples but pears", "apples and pears"},
         {"does it rain or not", "does it rain"},
         {"is it true? if not, why?", "is it true?"},
         {"No, it rains", "it rains"}});
}

TEST(NegationTest, OppositesDiffer) {
  Differ({{"turn on dark mode", "turn off dark mode"},
          {"sort ascending", "sort descending"},
          {"enable the firewall", "how to disable a firewall"},
          {"enabling logs", "disabled logs"},
          {"before the meal", "after the meal"},
          {"the minimum wage", "the maximum wage"},
          {"buy bitcoin", "sell bitcoin"},
          {"which is the highest", "which is the lowest"},
          {"upload a file", "download a file"},
          {"sign in to my account", "sign out of my account"},
          {"mother of the king", "father of the king"}});
}

TEST(NegationTest, MembersOfOneGroupDiffer) {
  Differ({{"open on Monday", "open on Tuesday"},
          {"weather today", "weather tomorrow"},
          {"weather in march", "weather in April"},
          {"north of Paris", "east of Paris"}});
}

TEST(NegationTest, WordsBuiltAsOppositesDiffer) {
  Differ({{"treat hypertension", "treat hypotension"},
          {"a comfortable chair", "an uncomfortable chair"},
          {"useful bugs", "useless bugs"},
          {"prenatal care", "postnatal care"},
          {"an inexpensive phone", "an expensive phone"}});
  Agree({{"discover music", "cover music"}, {"press the key", "impress the key"}});
}

TEST(NegationTest, AWordOfBothTextsIsNoEvidence) {
  Agree({{"switch it from on to off", "switch it off when it is on"},
         {"the difference between buy and sell", "buy versus sell: what differs"},
         {"turn off the light on the desk", "turn off the desk light"}});
}

TEST(NegationTest, InAndOutOnlyCountBehindTheirVerbs) {
  Agree({{"find out what lives in the sea", "what lives in the sea"},
         {"ran out of milk", "no milk in it, none"}});
}

TEST(NegationTest, OutOfIsNotIn) {
  Differ({{"is the option in the money", "is the option out of the money"},
          {"repairs in warranty", "repairs out of warranty"},
          {"the rate during office hours", "the rate outside office hours"}});
  Agree({{"how do I fill in a form", "how do I fill out a form"}});
}

TEST(NegationTest, OneInThreeIsOneOutOfThree) {
  Agree({{"do 1 in 3 marriages end in divorce", "do 1 out of 3 marriages end in divorce"}});
  Differ({{"repairs in warranty", "repairs outside of warranty"},
          {"repairs in warranty", "repairs out of warranty"}});
}

TEST(NegationTest, WhoseItIsMayBeTheOpposite) {
  Differ({{"what are a landlord's duties", "what are a tenant's duties"},
          {"the appellant's brief", "the appellee's brief"}});
  Agree({{"what's a host to do", "what do hosts do"}});
}

TEST(NegationTest, TurnedDirectionsDiffer) {
  Differ({{"flights from Paris", "flights to Paris"},
          {"convert km to miles", "convert miles to km"},
          {"migrate from mysql to postgres", "migrate from postgres to mysql"}});
  Agree({{"flights from Paris to Rome", "flights to Rome from Paris"},
         {"convert from km to miles", "convert km to miles"}});
}

TEST(NegationTest, ConditionsOfOneTextAloneDiffer) {
  Differ({{"what is the dose of ibuprofen", "what is the dose of ibuprofen for a child"},
          {"can I take ibuprofen", "can I take ibuprofen while pregnant"},
          {"can I eat chocolate", "can my dog eat chocolate"},
          {"ibuprofen dosage for kids", "ibuprofen dosage when pregnant"},
          {"what can my toddler take for a cold", "what can I take for a cold while pregnant"}});
  Agree({{"the ibuprofen dose for a child", "ibuprofen dosage for children"},
         {"how do I make my kid sleep", "how do I get a toddler to sleep"},
         {"name a famous dog", "name a famous animal"},
         {"how do I treat my baby's fever", "how do I treat a fever in my baby"},
         {"dose of children's ibuprofen", "dose of ibuprofen for children"},
         {"a passport for a child", "a passport for a minor"},
         {"what should I feed my dog", "what should I feed my pup"},
         {"a recipe for hot dogs", "a hotdog recipe"},
         {"wait for a child process in linux", "wait for a subprocess in linux"}});
}

TEST(NegationTest, NonDenies) {
  Differ({{"treatment for non-allergic rhinitis", "treatment for allergic rhinitis"},
          {"a non blocking socket", "a blocking socket"},
          {"non-refundable rate", "refundable rate"},
          {"fault divorce", "no-fault divorce"}});
  Agree({{"a non-profit in texas", "texas non profit"}});
}

TEST(NegationTest, OnePrepositionMayTurnAQuestion) {
  Differ({{"can police search with my consent", "can police search against my consent"},
          {"can I fly with a collapsed lung", "can I fly after a collapsed lung"},
          {"a fee for cards in the euro zone", "a fee for cards outside the euro zone"},
          {"ibuprofen instead of paracetamol", "ibuprofen with paracetamol"}});
  Agree({{"help with math homework", "help for math homework"},
         {"open on the weekend", "open at the weekend"},
         {"sort a list with python", "sort a list in python"}});
}

TEST(NegationTest, OtherSpansOfTimeDiffer) {
  Differ({{"the weather in rome today", "the weather in rome this week"},
          {"dow jones this month", "dow jones this year"}});
  Agree({{"the weather in rome today", "today's weather in rome"},
         {"news of this week", "this week in the news"}});
}

TEST(NegationTest, AWillMayBeATestament) {
  Differ({{"what happens if there is a will", "what happens if there is no will"},
          {"what if I die with a will", "what if I die without a will"}});
}

TEST(NegationTest, WhoWasIsNotWhoIs) {
  Differ({{"who is the ceo of twitter", "who was the ceo of twitter"},
          {"who is the prime minister of italy", "who was the prime minister of italy"},
          {"who's the ceo of twitter", "who was the ceo of twitter"},
          {"what is the price of gold", "what was the price of gold"}});
  Agree({{"who is the first president", "who was the first president"},
         {"who is the inventor of the telephone", "who was the inventor of the telephone"},
         {"what is the price of gold in 1980", "what was the price of gold in 1980"},
         {"who is the director of titanic", "who was the director of titanic"},
         {"who is the youngest president of the us", "who was the youngest president of the us"},
         {"what is the price of gold", "what was the cost of gold"},
         {"who is the president that freed the slaves",
          "who was the president that freed the slaves"}});
}

TEST(NegationTest, OtherLanguagesAreData) {
  Differ({{"darf ich hier parken", "darf ich hier nicht parken"},
          {"wie kann ich das licht einschalten", "wie kann ich das licht ausschalten"},
          {"comida con azúcar", "comida sin azúcar"},
          {"abrir una cuenta", "cerrar una cuenta"},
          {"encender la luz", "apagar la luz"},
          {"je peux manger ça", "je ne peux pas manger ça"},
          {"ouvrir un compte", "fermer un compte"}});
  Agree({{"wie kann ich das licht einschalten", "das licht anschalten, wie"}});
}

TEST(NegationTest, TheReasonNamesTheWords) {
  EXPECT_EQ(Refusal(GuardKind::kNegation, "it works", "it never works"),
            "only one text is negated: never");
  EXPECT_EQ(Refusal(GuardKind::kNegation, "turn on", "turn off"), "opposites: on against off");
  EXPECT_EQ(Refusal(GuardKind::kNegation, "to Rome", "from Rome"),
            "directions differ: to rome against from rome");
}

TEST(NegationTest, OddTextsDoNoHarm) {
  for (const std::string_view odd : {"", "not", "n't", "no", "un", "to", "from", "to to", "’"}) {
    EXPECT_EQ(Refusal(GuardKind::kNegation, odd, odd), std::nullopt) << odd;
  }
}

TEST(NegationTest, WhatIsNoMoreTheCaseDiffersFromWhatStillIs) {
  Differ({{"which airports are still open", "which airports are no longer open"},
          {"I am still in love with him", "I am no longer in love with him"}});
}

TEST(NegationTest, VerbsAndAdverbsDeny) {
  Differ({{"which countries signed the treaty", "which countries refused to sign the treaty"},
          {"why did the senate pass the bill", "why did the senate fail to pass the bill"},
          {"my baby hardly cries", "my baby constantly cries"},
          {"I have my recovery key", "I lack my recovery key"},
          {"what should I eat with gout", "what should I avoid eating with gout"},
          {"the price excluding tax", "the price with tax"}});
  Agree({{"why does my app fail to start", "why does my app not start"},
         {"my baby hardly cries", "my baby does not cry"},
         {"how do I avoid paying a fine", "how do I get around paying a fine"},
         {"the price excluding tax", "the price without tax"}});
}

TEST(NegationTest, WhatIsInTroubleNeedsNoNegation) {
  Agree({{"I got the code but cannot log in", "I got the code, yet logging in fails"},
         {"which status if I send no token", "which status if the token is missing"},
         {"effects of lack of sleep", "effects of sleep deprivation"}});
  Differ({{"why does it fail", "why does it not fail"},
          {"are they still searching for the missing plane",
           "are they no longer searching for the plane"},
          {"what issues does he support", "what does he not support"}});
}

TEST(NegationTest, ADeniedOppositeIsTheSame) {
  Agree({{"what if the probe fails", "what if the probe does not pass"},
         {"why was my offer refused", "why was my offer not accepted"},
         {"a benign growth", "a non-cancerous growth"}});
  Differ({{"should I not increase the dose", "should I decrease the dose"},
          {"why is it not always true", "why is it never true"},
          {"whether or not to buy a house", "whether to sell a house"}});
}

TEST(NegationTest, ASineIsNoSpanishNegation) {
  Agree({{"what is sin(30)", "compute the sine of thirty degrees"},
         {"write a helper for the sin of an angle", "write a helper for sines of an angle"}});
  Differ({{"pan sin sal", "pan con sal"}});
}

TEST(NegationTest, CompoundsOpposeAsAWhole) {
  Differ({{"rights of full-time staff", "rights of part-time staff"},
          {"contributions if I am employed", "contributions if I am self-employed"},
          {"a fixed-term lease", "a month-to-month lease"}});
  Agree({{"taxes for self employed people", "taxes for self-employed people"}});
}

TEST(NegationTest, TermsOfFieldsOppose) {
  Differ({{"how does a stalactite form", "how does a stalagmite form"},
          {"what corrects nearsightedness", "what corrects farsightedness"},
          {"nationalising the railways", "privatising the railways"},
          {"the inscribed circle", "the circumscribed circle"}});
}

TEST(NegationTest, DeniedBoundsTurn) {
  Agree({{"a dinner of at most three ingredients", "a dinner of no more than three ingredients"},
         {"did all hostages get home", "did every single hostages get home"}});
  Differ({{"a dinner of at most three ingredients", "a dinner of more than three ingredients"},
          {"no fewer than three people", "fewer than three people"}});
}

TEST(NegationTest, WordsThatBeginLikeADenialDenyNothing) {
  Agree({{"was it born alive", "was it a live birth"}, {"he fell asleep", "he went to sleep"}});
}

TEST(NegationTest, AComparisonMayBeDrawnFromEitherSide) {
  Agree({{"is Brazil larger than Argentina by area", "in area, is Argentina smaller than Brazil"},
         {"parquet files are smaller than csv files, why",
          "why are csv files bigger than parquet ones"},
         {"is Cloud Run cheaper than GKE", "is GKE more expensive than Cloud Run"},
         {"does white rice cook faster than brown rice",
          "does brown rice take longer to cook than white"}});
  Differ({{"is Brazil larger than Argentina", "is Brazil smaller than Argentina"},
          {"is the first flat larger than the house", "is the house smaller than the last flat"}});
}

TEST(NegationTest, FromEitherSideButInAnotherRespectItIsAnother) {
  Differ(
      {{"is Cloud Run cheaper than GKE", "is GKE less expensive than Cloud Run"},
       {"is Python more popular than Java", "is Java less secure than Python"},
       {"do Teslas have more range than Fords", "do Fords have fewer recalls than Teslas"},
       {"is the 777 faster than the Airbus", "is the Airbus longer than the 777"},
       {"is Tom's dog bigger than Ann's cat", "is Ann's dog smaller than Tom's cat"},
       {"is a male lion bigger than a female tiger", "is a female lion smaller than a male tiger"},
       {"is the murder rate in Oslo higher than the theft rate in Rome",
        "is the theft rate in Oslo lower than the murder rate in Rome"},
       {"which cat is faster than a dog", "which dog is slower than a cat"}});
}

TEST(NegationTest, WhatBothTextsNameOpposesNothing) {
  Agree({{"how do I remove a saved card from my account", "delete a stored card from my account"}});
  Differ({{"how do I increase my credit limit", "how do I get my credit limit reduced"},
          {"chrome stops pop-ups, how can I allow them", "how can I block pop-ups in chrome"}});
}

TEST(NegationTest, FreeAndZeroAreDenials) {
  Agree({{"withdraw before 60 without a penalty", "a penalty-free way to withdraw before 60"},
         {"restart a deployment without downtime", "zero-downtime restart of a deployment"}});
  Differ({{"watch films without an account", "how do I get an account free to watch films"},
          {"a restart without downtime", "a restart with downtime"},
          {"is interest tax-free for kids", "is interest not tax-free for kids"}});
}

TEST(NegationTest, ANoMayBeShortForNumber) {
  Agree({{"customer service phone number", "customer service phone no."}});
  Differ({{"should I say yes to a job offer", "should I say no to a job offer"}});
}

TEST(NegationTest, WhatOneDeclinesOneSaysNoTo) {
  Agree(
      {{"politely decline a meeting invitation", "a polite way of saying no to a meeting invite"}});
  Differ(
      {{"politely accept a meeting invitation", "a polite way of saying no to a meeting invite"}});
}

TEST(NegationTest, ADeniedWordIsItsBuiltOpposite) {
  Agree({{"custody when parents aren't married", "custody of unmarried parents"},
         {"prove that the root of 2 is irrational", "a proof that the root of 2 isn't rational"},
         {"a non-stop flight to Oslo", "a nonstop flight to Oslo"}});
  Differ({{"custody of married parents", "custody of unmarried parents"}});
}

TEST(NegationTest, OnlyIsNotAll) {
  Differ({{"logs from all containers in the pod", "logs from only the first container in the pod"},
          {"does the coupon work on my first order only", "does the coupon work on each order"}});
  Agree({{"why do I only sleep 5 hours a night lately", "reasons for 5 hours of sleep each night"},
         {"electric cars only need one pedal, why",
          "why is one pedal all that a battery car takes"}});
}

TEST(NegationTest, AnAgeTellsThatItIsAChild) {
  Agree({{"open an account for my 12-year-old", "open an account for a child aged 12"}});
  Differ({{"can I give aspirin to my child", "can I give aspirin to my 70-year-old mother"},
          {"honey for my child", "honey for my 6 month old"},
          {"ibuprofen for my child", "ibuprofen for my 12-year-old dog"}});
}

TEST(NegationTest, ScalesOfTemperatureMayBeLetters) {
  Agree({{"convert 350°F to celsius", "what is 350 degrees fahrenheit in celsius"}});
  Differ({{"an oven at 180°C", "an oven at 180 fahrenheit"}});
}

TEST(NegationTest, WordsOfIdiomsOpposeNothing) {
  Agree({{"where does my package go", "my package is late, how come"},
         {"can I have more than one account", "can I have multiple accounts"}});
}

// Hot and cold share a group of synonyms, and so each seemed to be said by the other.
TEST(NegationTest, AnOppositeIsNotTheSameInAnotherWord) {
  Differ({{"my truck is hard to start when cold", "my truck is difficult to start once hot"}});
}

TEST(NegationTest, JustIsOnly) {
  Agree({{"a screenshot of only part of the screen", "a screenshot of just part of the screen"}});
  Differ({{"I just had surgery, can I drink water", "I had surgery, can I drink only water"}});
}

TEST(NegationTest, ThisIsOpposedToLastUnlessItShows) {
  Differ({{"the limit this year", "the limit last year"},
          {"the limit this financial year", "the limit last financial year"},
          {"cancel this order", "cancel my last order"}});
  Agree(
      {{"what does this error mean, it came yesterday", "what does the error of last night mean"}});
}

TEST(NegationTest, ComparisonsFromEitherSideAgreeWhereverTheyStand) {
  Agree({{"is it cheaper to fly to oslo in june than in december",
          "is flying to oslo in december more expensive than in june"},
         {"has james scored more career points than jordan",
          "did jordan score fewer points in his career than james"}});
  Differ({{"is it cheaper to buy a house in june than to rent one in may",
           "is it more expensive to rent a house in june than to buy one in may"}});
}

}  // namespace
}  // namespace semcached
