// Plays a loss of power on a directory whose server is dead.
#ifndef SEMCACHED_TESTS_FAULT_POWER_LOSS_H_
#define SEMCACHED_TESTS_FAULT_POWER_LOSS_H_

#include <random>
#include <string>

#include "fault/ledger.h"

namespace semcached {

// Begins a ledger: all that is in the directory now, which is made if it is not there, counts as
// written to the disk.
void BeginLedger(const std::string& directory, Ledger* ledger);

// Leaves of the ledger's directory what a disk may hold that was told to sync what the ledger says,
// and begins the ledger anew. Answers what became of it, in words.
//
// Names: those at the last sync of the directory, or those of this moment. Of each file: what its
// last sync covered, and at random some of what was written since, with pages that are zero where
// the disk wrote a later page first. Not played: names of which some are as they were and some are
// not, damage to what was synced, a disk that lies about syncs. Directories below stay as they are.
std::string LosePower(Ledger* ledger, std::mt19937_64* random);

}  // namespace semcached

#endif  // SEMCACHED_TESTS_FAULT_POWER_LOSS_H_
