// What the machine has to run threads on.

#ifndef LEDGER_BASE_PROCESSORS_H_
#define LEDGER_BASE_PROCESSORS_H_

namespace payfold {

// How many threads the machine runs at once, at least 1.
int ProcessorCount();

}  // namespace payfold

#endif  // LEDGER_BASE_PROCESSORS_H_
