#include "ledger/base/processors.h"

#include <algorithm>
#include <thread>

namespace payfold {

int ProcessorCount() { return static_cast<int>(std::max(1U, std::thread::hardware_concurrency())); }

}  // namespace payfold
