// What the speaker of a text does, and what is done to the speaker.
#ifndef SEMCACHED_GUARD_SPEAKER_H_
#define SEMCACHED_GUARD_SPEAKER_H_

#include "guard/prepared.h"

namespace semcached::guard {

// Which of "I" and "me" a text holds alone: 1, -1; 0: none or both.
int SideOfSpeaker(const Prepared& text);

// "how do I call you" against "how do you call me", "my landlord is suing me" against "I'm suing my
// landlord": one verb, and who does it.
bool TradesSpeaker(const Prepared& a, const Prepared& b);

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_SPEAKER_H_
