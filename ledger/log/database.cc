#include "ledger/log/database.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "rocksdb/file_system.h"
#include "rocksdb/iterator.h"

namespace payfold {
namespace {

// Written last when a log is made: a directory without it holds no log.
constexpr absl::string_view kMarkerFile = "PAYFOLD";
constexpr absl::string_view kMarkerText = "A payfold ledger lives here. Do not change its files.\n";
constexpr absl::string_view kLockFile = "PAYFOLD.lock";

// Less is in the memtables before another thread is awake.
constexpr size_t kWorthSyncingBeside = size_t{64} << 10;

std::string PathOf(const LogDatabase::Options& options, absl::string_view file) {
  return absl::StrCat(options.directory, "/", file);
}

bool HasMarker(const LogDatabase::Options& options) {
  return options.env->FileExists(PathOf(options, kMarkerFile)).ok();
}

absl::Status WriteMarker(const LogDatabase::Options& options) {
  rocksdb::Status status = rocksdb::WriteStringToFile(
      options.env, ToSlice(kMarkerText), PathOf(options, kMarkerFile), /*should_sync=*/true);
  std::unique_ptr<rocksdb::Directory> directory;
  if (status.ok()) status = options.env->NewDirectory(options.directory, &directory);
  if (status.ok()) status = directory->Fsync();
  return FromRocks(status, absl::StrCat("making a ledger in ", options.directory));
}

// OK if the directory does not exist or is empty.
absl::Status CheckUnused(const LogDatabase::Options& options) {
  if (HasMarker(options)) {
    return absl::AlreadyExistsError(
        absl::StrCat("there is a ledger in ", options.directory, " already: open it instead"));
  }
  std::vector<std::string> children;
  const rocksdb::Status status = options.env->GetChildren(options.directory, &children);
  const bool used = std::any_of(children.begin(), children.end(), [](const std::string& name) {
    return name != "." && name != "..";
  });
  if (status.ok() && used) {
    return absl::FailedPreconditionError(
        absl::StrCat("the directory ", options.directory,
                     " is not empty and holds no ledger: choose a new or an empty one"));
  }
  return absl::OkStatus();
}

// The families of every log, then those that were derived from this one.
std::vector<rocksdb::ColumnFamilyDescriptor> Descriptors(const LogDatabase::Options& options,
                                                         const FamilyOptions& family_options,
                                                         const rocksdb::DBOptions& db_options) {
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  descriptors.emplace_back(rocksdb::kDefaultColumnFamilyName, family_options.Derived());
  for (int i = 0; i < kFamilyCount; ++i) {
    const Family family = static_cast<Family>(i);
    descriptors.emplace_back(std::string(FamilyName(family)), family_options.For(family));
  }
  std::vector<std::string> names;
  // There are none yet, or the error comes again, with a better text, at the open.
  rocksdb::DB::ListColumnFamilies(db_options, options.directory, &names).PermitUncheckedError();
  for (const std::string& name : names) {
    if (absl::StartsWith(name, kDerivedPrefix)) {
      descriptors.emplace_back(name, family_options.Derived());
    }
  }
  return descriptors;
}

}  // namespace

absl::Status FromRocks(const rocksdb::Status& status, absl::string_view doing) {
  if (status.ok()) return absl::OkStatus();
  const std::string text = absl::StrCat(doing, ": ", status.ToString());
  if (status.IsNoSpace()) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the disk is full: make room, then open the ledger again (", text, ")"));
  }
  if (status.IsCorruption()) {
    return absl::DataLossError(
        absl::StrCat("the database is damaged: restore it from a backup (", text, ")"));
  }
  return absl::UnavailableError(absl::StrCat(
      "the database does not work: look at the disk, then open the ledger again (", text, ")"));
}

absl::Status LogDatabase::Lock(const Options& options) {
  // RocksDB has a lock of its own, but touches files before it takes it.
  const rocksdb::Status status = options.env->LockFile(PathOf(options, kLockFile), &lock_);
  if (status.ok()) return absl::OkStatus();
  lock_ = nullptr;
  const std::string text = absl::AsciiStrToLower(status.ToString());
  if (absl::StrContains(text, "while lock file") || absl::StrContains(text, "lock hold") ||
      absl::StrContains(text, "already held")) {
    return absl::UnavailableError(
        absl::StrCat("the ledger in ", options.directory,
                     " is in use by another process: stop that, or ask it instead"));
  }
  return FromRocks(status, absl::StrCat("locking the ledger in ", options.directory));
}

absl::Status LogDatabase::OpenRocks(const Options& options, bool create) {
  sync_beside_ = std::make_unique<SyncBeside>(options.env, options.directory);
  const rocksdb::DBOptions db_options = LogDbOptions(sync_beside_->env(), create);
  const std::vector<rocksdb::ColumnFamilyDescriptor> descriptors =
      Descriptors(options, family_options_, db_options);
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  RETURN_IF_ERROR(
      FromRocks(rocksdb::DB::Open(db_options, options.directory, descriptors, &handles, &db),
                absl::StrCat("opening the ledger in ", options.directory)));
  db_.reset(db);
  TakeHandles(descriptors, handles);
  return absl::OkStatus();
}

absl::Status LogDatabase::InspectRocks(const Options& options) {
  rocksdb::DBOptions db_options = LogDbOptions(options.env, /*create=*/false);
  db_options.paranoid_checks = false;  // A table that cannot be read does not count yet.
  // Only a record that the power cut off at the end may be missing.
  db_options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  const std::vector<rocksdb::ColumnFamilyDescriptor> descriptors =
      Descriptors(options, family_options_, db_options);
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const auto open = [&] {
    return rocksdb::DB::OpenForReadOnly(db_options, options.directory, descriptors, &handles, &db);
  };
  rocksdb::Status status = open();
  if (status.IsCorruption()) {
    const std::string why = status.ToString();
    db_options.wal_recovery_mode = rocksdb::WALRecoveryMode::kSkipAnyCorruptedRecords;
    status = open();
    if (status.ok()) damage_ = why;
  }
  RETURN_IF_ERROR(FromRocks(status, absl::StrCat("looking at the ledger in ", options.directory)));
  db_.reset(db);
  read_only_ = true;
  TakeHandles(descriptors, handles);
  return absl::OkStatus();
}

void LogDatabase::TakeHandles(const std::vector<rocksdb::ColumnFamilyDescriptor>& descriptors,
                              const std::vector<rocksdb::ColumnFamilyHandle*>& handles) {
  default_family_ = handles[0];
  std::copy_n(handles.begin() + 1, kFamilyCount, families_.begin());
  for (size_t i = 1 + kFamilyCount; i < handles.size(); ++i) {
    derived_[descriptors[i].name] = handles[i];
  }
}

absl::Status LogDatabase::CheckIdentity(const std::string& verifier_key) const {
  rocksdb::PinnableSlice value;
  ASSIGN_OR_RETURN(const bool has_format, Find(Family::kMeta, kFormatKey, &value));
  if (!has_format) return absl::DataLossError("the ledger's format record is missing");
  ASSIGN_OR_RETURN(const uint64_t format, ParseNumber(ToView(value)));
  if (format != kFormatVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat("the ledger has format ", format, ", this release reads ", kFormatVersion,
                     ": use the release that wrote it, or a newer one"));
  }
  value.Reset();
  ASSIGN_OR_RETURN(const bool has_key, Find(Family::kMeta, kVerifierKey, &value));
  if (!has_key) return absl::DataLossError("the ledger's verifier key is missing");
  if (ToView(value) != verifier_key) {
    return absl::FailedPreconditionError(
        absl::StrCat("the ledger signs as ", ToView(value), ", but was opened with the key of ",
                     verifier_key, ": open it with the key and the origin it was made with"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<LogDatabase>> LogDatabase::Create(const Options& options,
                                                                 const std::string& verifier_key) {
  RETURN_IF_ERROR(CheckUnused(options));
  auto database = std::unique_ptr<LogDatabase>(new LogDatabase(options.block_cache_bytes));
  database->env_ = options.env;
  RETURN_IF_ERROR(FromRocks(CreateDirectories(options.env, options.directory),
                            absl::StrCat("making the directory ", options.directory)));
  RETURN_IF_ERROR(database->Lock(options));
  RETURN_IF_ERROR(database->OpenRocks(options, /*create=*/true));
  rocksdb::WriteBatch batch;
  rocksdb::ColumnFamilyHandle* meta = database->family(Family::kMeta);
  batch.Put(meta, ToSlice(kFormatKey), EncodeNumber(kFormatVersion));
  batch.Put(meta, ToSlice(kVerifierKey), verifier_key);
  batch.Put(meta, ToSlice(kHeadKey), EncodeHead(LogHead()));
  RETURN_IF_ERROR(database->Write(&batch, /*sync=*/true));
  RETURN_IF_ERROR(WriteMarker(options));
  return database;
}

absl::StatusOr<std::unique_ptr<LogDatabase>> LogDatabase::Open(const Options& options,
                                                               const std::string& verifier_key) {
  if (!HasMarker(options)) {
    return absl::NotFoundError(
        absl::StrCat("there is no ledger in ", options.directory, ": make one first"));
  }
  auto database = std::unique_ptr<LogDatabase>(new LogDatabase(options.block_cache_bytes));
  database->env_ = options.env;
  RETURN_IF_ERROR(database->Lock(options));
  RETURN_IF_ERROR(database->OpenRocks(options, /*create=*/false));
  RETURN_IF_ERROR(database->CheckIdentity(verifier_key));
  return database;
}

absl::StatusOr<std::unique_ptr<LogDatabase>> LogDatabase::Inspect(const Options& options) {
  if (!HasMarker(options)) {
    return absl::NotFoundError(absl::StrCat("there is no ledger in ", options.directory));
  }
  auto database = std::unique_ptr<LogDatabase>(new LogDatabase(options.block_cache_bytes));
  database->env_ = options.env;
  RETURN_IF_ERROR(database->Lock(options));
  RETURN_IF_ERROR(database->InspectRocks(options));
  return database;
}

absl::StatusOr<LogDatabase::Identity> LogDatabase::ReadIdentity(rocksdb::Env* env,
                                                                const std::string& directory) {
  LogDatabase database(/*block_cache_bytes=*/size_t{1} << 20);
  database.read_only_ = true;
  const FamilyOptions& family_options = database.family_options_;
  const std::vector<rocksdb::ColumnFamilyDescriptor> descriptors = {
      {rocksdb::kDefaultColumnFamilyName, family_options.Derived()},
      {std::string(FamilyName(Family::kMeta)), family_options.For(Family::kMeta)}};
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  RETURN_IF_ERROR(FromRocks(rocksdb::DB::OpenForReadOnly(LogDbOptions(env, /*create=*/false),
                                                         directory, descriptors, &handles, &db),
                            absl::StrCat("looking at the ledger in ", directory)));
  database.db_.reset(db);
  database.default_family_ = handles[0];
  database.families_[static_cast<size_t>(Family::kMeta)] = handles[1];
  Identity identity;
  rocksdb::PinnableSlice value;
  ASSIGN_OR_RETURN(const bool has_key, database.Find(Family::kMeta, kVerifierKey, &value));
  if (!has_key) return absl::DataLossError("the ledger's verifier key is missing");
  identity.verifier_key = value.ToString();
  ASSIGN_OR_RETURN(identity.head, database.ReadHead());
  return identity;
}

absl::Status LogDatabase::Adopt(const Options& options) { return WriteMarker(options); }

absl::Status LogDatabase::ChangeSigner(const Options& options, const std::string& from,
                                       const std::string& to) {
  ASSIGN_OR_RETURN(const std::unique_ptr<LogDatabase> database, Open(options, from));
  rocksdb::WriteBatch batch;
  rocksdb::ColumnFamilyHandle* tree_heads = database->family(Family::kTreeHeads);
  const std::unique_ptr<rocksdb::Iterator> kept = database->NewIterator(Family::kTreeHeads);
  for (kept->SeekToFirst(); kept->Valid(); kept->Next()) batch.Delete(tree_heads, kept->key());
  RETURN_IF_ERROR(FromRocks(kept->status(), "reading tree heads"));
  batch.Put(database->family(Family::kMeta), ToSlice(kVerifierKey), to);
  return database->Write(&batch, /*sync=*/true);
}

LogDatabase::~LogDatabase() {
  if (db_ != nullptr) {
    std::vector<rocksdb::ColumnFamilyHandle*> all(families_.begin(), families_.end());
    for (const auto& [name, handle] : derived_) all.push_back(handle);
    // So that the next open has no write-ahead log to read; no harm if it fails.
    rocksdb::FlushOptions flush;
    flush.allow_write_stall = true;
    if (fault_.ok() && !read_only_) db_->Flush(flush, all);
    all.push_back(default_family_);
    for (rocksdb::ColumnFamilyHandle* handle : all) {
      if (handle != nullptr) db_->DestroyColumnFamilyHandle(handle);
    }
    db_->Close();
    db_.reset();
  }
  if (lock_ != nullptr) env_->UnlockFile(lock_);
}

absl::StatusOr<bool> LogDatabase::Find(Family family, absl::string_view key,
                                       rocksdb::PinnableSlice* value) const {
  const rocksdb::Status status =
      db_->Get(rocksdb::ReadOptions(), this->family(family), ToSlice(key), value);
  if (status.IsNotFound()) return false;
  RETURN_IF_ERROR(FromRocks(status, absl::StrCat("reading ", FamilyName(family))));
  return true;
}

std::unique_ptr<rocksdb::Iterator> LogDatabase::Iterate(Family family, bool fill_cache) const {
  rocksdb::ReadOptions options;
  options.total_order_seek = true;
  options.fill_cache = fill_cache;
  return std::unique_ptr<rocksdb::Iterator>(db_->NewIterator(options, this->family(family)));
}

absl::StatusOr<LogHead> LogDatabase::ReadHead() const {
  rocksdb::PinnableSlice value;
  ASSIGN_OR_RETURN(const bool found, Find(Family::kMeta, kHeadKey, &value));
  if (!found) return absl::DataLossError("the log's head record is missing");
  return ParseHead(ToView(value));
}

absl::Status LogDatabase::Write(rocksdb::WriteBatch* batch, bool sync) {
  rocksdb::WriteOptions options;
  options.sync = sync;
  return WriteUnlessFaulty([&] { return db_->Write(options, batch); });
}

absl::Status LogDatabase::WriteBeside(rocksdb::WriteBatch* batch) {
  if (batch->GetDataSize() < kWorthSyncingBeside) return Write(batch, /*sync=*/true);
  rocksdb::WriteOptions options;
  options.sync = true;
  return WriteUnlessFaulty(
      [&] { return sync_beside_->Run([&] { return db_->Write(options, batch); }); });
}

absl::Status LogDatabase::TakeIn(const LoadedFiles& files, rocksdb::ColumnFamilyHandle* family) {
  rocksdb::IngestExternalFileArg taken;
  taken.column_family = family;
  taken.external_files = files.paths;
  taken.files_checksums = files.checksums;
  taken.files_checksum_func_names = files.checksum_functions;
  taken.options.move_files = true;
  taken.options.write_global_seqno = false;    // Its files are never changed.
  taken.options.verify_file_checksum = false;  // They were taken as it was written.
  return WriteUnlessFaulty([&] { return db_->IngestExternalFiles({taken}); });
}

absl::Status LogDatabase::WriteUnlessFaulty(absl::FunctionRef<rocksdb::Status()> write) {
  const std::lock_guard<std::mutex> lock(write_mutex_);
  RETURN_IF_ERROR(fault_);
  absl::Status status = FromRocks(write(), "writing to the ledger");
  if (!status.ok()) {
    fault_ = absl::Status(
        status.code(),
        absl::StrCat(status.message(), "; nothing is written until the ledger is opened again"));
  }
  return status;
}

absl::Status LogDatabase::WriteStatus() const {
  const std::lock_guard<std::mutex> lock(write_mutex_);
  return fault_;
}

absl::StatusOr<rocksdb::ColumnFamilyHandle*> LogDatabase::OpenDerived(absl::string_view name) {
  if (!absl::StartsWith(name, kDerivedPrefix)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the column family \"", name, "\" must begin with \"", kDerivedPrefix, "\""));
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  if (auto found = derived_.find(name); found != derived_.end()) return found->second;
  rocksdb::ColumnFamilyHandle* handle = nullptr;
  RETURN_IF_ERROR(
      FromRocks(db_->CreateColumnFamily(family_options_.Derived(), std::string(name), &handle),
                absl::StrCat("making the column family ", name)));
  derived_[std::string(name)] = handle;
  return handle;
}

absl::Status LogDatabase::DropDerived(absl::string_view name) {
  const std::lock_guard<std::mutex> lock(mutex_);
  auto found = derived_.find(name);
  if (found == derived_.end()) return absl::OkStatus();
  RETURN_IF_ERROR(FromRocks(db_->DropColumnFamily(found->second),
                            absl::StrCat("dropping the column family ", name)));
  db_->DestroyColumnFamilyHandle(found->second);
  derived_.erase(found);
  return absl::OkStatus();
}

std::vector<std::string> LogDatabase::ListDerived() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, handle] : derived_) names.push_back(name);
  return names;
}

}  // namespace payfold
