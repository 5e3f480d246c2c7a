#include "ledger/log/derived_load.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"

namespace payfold {
namespace {

// No name of RocksDB's.
constexpr absl::string_view kSuffix = ".loading";
constexpr uint64_t kFileBytes = uint64_t{64} << 20;
constexpr absl::string_view kWriting = "writing what is derived from the log";

}  // namespace

DerivedLoad::DerivedLoad(LogDatabase* database, rocksdb::ColumnFamilyHandle* family)
    : database_(database), family_(family) {}

DerivedLoad::~DerivedLoad() {
  file_.reset();
  rocksdb::Env* const env = database_->rocks()->GetEnv();
  if (!open_path_.empty()) env->DeleteFile(open_path_).PermitUncheckedError();
  for (const std::string& path : files_.paths) env->DeleteFile(path).PermitUncheckedError();
}

std::string DerivedLoad::NextPath() const {
  return absl::StrCat(database_->rocks()->GetName(), "/", family_->GetName(), ".",
                      files_.paths.size(), kSuffix);
}

absl::Status DerivedLoad::Put(absl::string_view key, absl::string_view value) {
  if (file_ == nullptr) {
    rocksdb::ColumnFamilyDescriptor descriptor;
    RETURN_IF_ERROR(FromRocks(family_->GetDescriptor(&descriptor), kWriting));
    const rocksdb::Options options(database_->rocks()->GetDBOptions(), descriptor.options);
    file_ = std::make_unique<rocksdb::SstFileWriter>(rocksdb::EnvOptions(options), options, family_,
                                                     /*invalidate_page_cache=*/false);
    open_path_ = NextPath();
    // What another load could not remove may be the same file as one of the database's.
    database_->rocks()->GetEnv()->DeleteFile(open_path_).PermitUncheckedError();
    RETURN_IF_ERROR(FromRocks(file_->Open(open_path_), kWriting));
  }
  RETURN_IF_ERROR(FromRocks(file_->Put(ToSlice(key), ToSlice(value)), kWriting));
  return file_->FileSize() < kFileBytes ? absl::OkStatus() : CloseFile();
}

absl::Status DerivedLoad::CloseFile() {
  rocksdb::ExternalSstFileInfo info;
  RETURN_IF_ERROR(FromRocks(file_->Finish(&info), kWriting));
  file_.reset();
  files_.paths.push_back(std::exchange(open_path_, ""));
  files_.checksums.push_back(info.file_checksum);
  files_.checksum_functions.push_back(info.file_checksum_func_name);
  return absl::OkStatus();
}

absl::Status DerivedLoad::Finish() {
  if (file_ != nullptr) RETURN_IF_ERROR(CloseFile());
  if (files_.paths.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(database_->TakeIn(files_, family_));
  files_ = LoadedFiles();
  return absl::OkStatus();
}

void RemoveUnfinishedLoads(rocksdb::Env* env, const std::string& directory) {
  std::vector<std::string> names;
  env->GetChildren(directory, &names).PermitUncheckedError();
  for (const std::string& name : names) {
    if (!absl::EndsWith(name, kSuffix)) continue;
    env->DeleteFile(absl::StrCat(directory, "/", name)).PermitUncheckedError();
  }
}

}  // namespace payfold
