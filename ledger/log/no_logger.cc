#include "ledger/log/no_logger.h"

#include <cstdarg>

namespace payfold {
namespace {

class Nothing : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

}  // namespace

std::shared_ptr<rocksdb::Logger> NoLogger() { return std::make_shared<Nothing>(); }

}  // namespace payfold
