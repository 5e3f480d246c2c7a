#include "ledger/log/fsck_files.h"

#include <algorithm>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/coding.h"
#include "ledger/base/status_macros.h"
#include "rocksdb/file_checksum.h"
#include "rocksdb/metadata.h"

namespace payfold {
namespace {

using LiveFile = rocksdb::LiveFileMetaData;

constexpr size_t kReadBytes = size_t{1} << 20;

bool HoldsEvents(const LiveFile& file) {
  return file.column_family_name == FamilyName(Family::kBlocks);
}

// Those with events first, in order of position: so the first finding names the
// first position.
std::vector<LiveFile> ListFiles(const LogDatabase& database) {
  std::vector<LiveFile> files;
  database.rocks()->GetLiveFilesMetaData(&files);
  std::sort(files.begin(), files.end(), [](const LiveFile& a, const LiveFile& b) {
    return std::make_tuple(!HoldsEvents(a), a.column_family_name, a.smallestkey, a.name) <
           std::make_tuple(!HoldsEvents(b), b.column_family_name, b.smallestkey, b.name);
  });
  return files;
}

// A file may have been merged into another since it was listed.
bool IsLive(const LogDatabase& database, const std::string& name) {
  const std::vector<LiveFile> files = ListFiles(database);
  return std::any_of(files.begin(), files.end(),
                     [&](const LiveFile& file) { return file.name == name; });
}

Finding FindingOf(const LiveFile& file, absl::string_view what) {
  Finding finding;
  finding.subject = absl::StrCat("the file ", file.relative_filename);
  std::string holds = absl::StrCat("a part of ", file.column_family_name);
  if (HoldsEvents(file) && file.smallestkey.size() == sizeof(Key8) &&
      file.largestkey.size() == sizeof(Key8)) {
    finding.position = GetBig64(file.smallestkey);
    holds = absl::StrCat("blocks of events that begin at positions ", finding.position, " to ",
                         GetBig64(file.largestkey));
  }
  finding.detail = absl::StrCat(what, "; it holds ", holds);
  return finding;
}

class FileChecker {
 public:
  FileChecker(const LogDatabase& database, const FsckOptions& options)
      : database_(database), options_(options) {}

  // Errors: kCancelled.
  absl::Status Run(Verdict* verdict) {
    const std::vector<LiveFile> files = ListFiles(database_);
    for (const LiveFile& file : files) all_ += file.size;
    for (const LiveFile& file : files) {
      ASSIGN_OR_RETURN(const std::string wrong, Read(file));
      if (!wrong.empty() && IsLive(database_, file.name)) {
        verdict->Fail(kFilesCheck, FindingOf(file, wrong));
      }
    }
    verdict->Note(kFilesCheck, "every file has the checksum it was written with");
    return absl::OkStatus();
  }

 private:
  // What is wrong with the file; nothing.
  absl::StatusOr<std::string> Read(const LiveFile& file) {
    if (file.file_checksum == rocksdb::kUnknownFileChecksum) return std::string();
    rocksdb::FileChecksumGenContext context;
    context.requested_checksum_func_name = file.file_checksum_func_name;
    const std::unique_ptr<rocksdb::FileChecksumGenerator> sum =
        rocksdb::GetFileChecksumGenCrc32cFactory()->CreateFileChecksumGenerator(context);
    std::unique_ptr<rocksdb::SequentialFile> content;
    rocksdb::Status status = database_.rocks()->GetEnv()->NewSequentialFile(
        absl::StrCat(file.directory, "/", file.relative_filename), &content, {});
    rocksdb::Slice part;
    do {
      if (status.ok()) status = content->Read(kReadBytes, &part, buffer_.data());
      if (!status.ok()) return absl::StrCat("it cannot be read (", status.ToString(), ")");
      sum->Update(part.data(), part.size());
      done_ += part.size();
      if (options_.progress && !options_.progress(kFilesCheck, std::min(done_, all_), all_)) {
        return absl::CancelledError("stopped while the files were read");
      }
    } while (!part.empty());
    sum->Finalize();
    return std::string(sum->GetChecksum() == file.file_checksum
                           ? ""
                           : "its checksum is not the one it was written with");
  }

  const LogDatabase& database_;
  const FsckOptions& options_;
  std::string buffer_ = std::string(kReadBytes, '\0');
  uint64_t done_ = 0;
  uint64_t all_ = 0;
};

}  // namespace

absl::Status CheckFiles(const LogDatabase& database, const FsckOptions& options, Verdict* verdict) {
  if (!database.damage().empty()) {
    verdict->Fail(kFilesCheck, {.position = 0,
                                .subject = "the write-ahead log",
                                .detail = absl::StrCat("what was appended last is damaged (",
                                                       database.damage(), ")")});
  }
  return FileChecker(database, options).Run(verdict);
}

}  // namespace payfold
