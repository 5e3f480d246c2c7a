// The little of libpq that the bench needs.

#ifndef BENCH_POSTGRES_CONNECTION_H_
#define BENCH_POSTGRES_CONNECTION_H_

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace payfold {

using PostgresResult = std::unique_ptr<PGresult, decltype(&PQclear)>;

// Belongs to one thread. Errors of all: kUnavailable with the server's message.
class PostgresConnection {
 public:
  // `where` as libpq takes it: "host=127.0.0.1 port=5432".
  static absl::StatusOr<PostgresConnection> Open(const std::string& where);

  // Makes the one statement that Execute() and Send() run.
  absl::Status Prepare(const std::string& sql);

  absl::StatusOr<PostgresResult> Run(const std::string& sql);
  absl::StatusOr<PostgresResult> Execute(const std::vector<std::string>& values, bool binary);
  // A COPY … FROM STDIN and all of its bytes.
  absl::Status Copy(const std::string& sql, const std::string& bytes);

  // One Execute() with binary values in two parts: between them socket() becomes
  // readable. Receive() says whether the result is there.
  absl::Status Send(const std::vector<std::string>& values);
  absl::StatusOr<bool> Receive();
  int socket() const { return PQsocket(raw_.get()); }

 private:
  using Raw = std::unique_ptr<PGconn, decltype(&PQfinish)>;
  explicit PostgresConnection(Raw raw) : raw_(std::move(raw)) {}

  absl::Status Failure() const;
  absl::StatusOr<PostgresResult> Checked(PGresult* raw) const;  // Takes it over.

  Raw raw_;
};

}  // namespace payfold

#endif  // BENCH_POSTGRES_CONNECTION_H_
