// For tables that are filled and emptied in turns. Internal to ledger/log.

#ifndef LEDGER_LOG_CLEAR_FOR_AS_MANY_H_
#define LEDGER_LOG_CLEAR_FOR_AS_MANY_H_

#include <cstddef>

namespace payfold {

// Empties a table of abseil's, which gives up its memory then, and makes room for as
// many again: batches tend to be as large as the ones before them.
template <typename Table>
void ClearForAsMany(Table* table) {
  const size_t size = table->size();
  table->clear();
  table->reserve(size);
}

}  // namespace payfold

#endif  // LEDGER_LOG_CLEAR_FOR_AS_MANY_H_
