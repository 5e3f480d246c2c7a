#include "bench/postgres_connection.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"

namespace payfold {
namespace {

constexpr char kStatement[] = "work";

// Parameters as libpq takes them; points to `values`.
struct Parameters {
  Parameters(const std::vector<std::string>& values, bool binary)
      : formats(values.size(), binary ? 1 : 0) {
    for (const std::string& value : values) {
      data.push_back(value.data());
      sizes.push_back(static_cast<int>(value.size()));
    }
  }
  int count() const { return static_cast<int>(data.size()); }

  std::vector<const char*> data;
  std::vector<int> sizes;
  std::vector<int> formats;
};

}  // namespace

absl::StatusOr<PostgresConnection> PostgresConnection::Open(const std::string& where) {
  PostgresConnection connection(Raw(PQconnectdb(where.c_str()), PQfinish));
  if (PQstatus(connection.raw_.get()) != CONNECTION_OK) return connection.Failure();
  return connection;
}

absl::Status PostgresConnection::Failure() const {
  return absl::UnavailableError(absl::StrCat("PostgreSQL: ", PQerrorMessage(raw_.get())));
}

absl::StatusOr<PostgresResult> PostgresConnection::Checked(PGresult* raw) const {
  PostgresResult result(raw, PQclear);
  const ExecStatusType status = PQresultStatus(raw);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_COPY_IN) {
    return result;
  }
  return Failure();
}

absl::Status PostgresConnection::Prepare(const std::string& sql) {
  return Checked(PQprepare(raw_.get(), kStatement, sql.c_str(), 0, nullptr)).status();
}

absl::StatusOr<PostgresResult> PostgresConnection::Run(const std::string& sql) {
  return Checked(PQexec(raw_.get(), sql.c_str()));
}

absl::StatusOr<PostgresResult> PostgresConnection::Execute(const std::vector<std::string>& values,
                                                           bool binary) {
  const Parameters p(values, binary);
  return Checked(PQexecPrepared(raw_.get(), kStatement, p.count(), p.data.data(), p.sizes.data(),
                                p.formats.data(), 0));
}

absl::Status PostgresConnection::Copy(const std::string& sql, const std::string& bytes) {
  RETURN_IF_ERROR(Run(sql).status());
  PGconn* raw = raw_.get();
  if (PQputCopyData(raw, bytes.data(), static_cast<int>(bytes.size())) != 1 ||
      PQputCopyEnd(raw, nullptr) != 1) {
    return Failure();
  }
  RETURN_IF_ERROR(Checked(PQgetResult(raw)).status());
  return PQgetResult(raw) == nullptr ? absl::OkStatus() : Failure();
}

absl::Status PostgresConnection::Send(const std::vector<std::string>& values) {
  const Parameters p(values, true);
  const int sent = PQsendQueryPrepared(raw_.get(), kStatement, p.count(), p.data.data(),
                                       p.sizes.data(), p.formats.data(), 0);
  return sent == 1 ? absl::OkStatus() : Failure();
}

absl::StatusOr<bool> PostgresConnection::Receive() {
  PGconn* raw = raw_.get();
  if (PQconsumeInput(raw) != 1) return Failure();
  if (PQisBusy(raw) != 0) return false;
  RETURN_IF_ERROR(Checked(PQgetResult(raw)).status());
  return PQgetResult(raw) == nullptr ? absl::StatusOr<bool>(true) : Failure();
}

}  // namespace payfold
