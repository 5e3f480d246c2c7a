#include "tools/proof.h"

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "ledger/base/sha256.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/proof_file.h"
#include "tools/output.h"
#include "tools/session.h"

namespace payfold {
namespace {

using Hashes = google::protobuf::RepeatedPtrField<std::string>;

absl::StatusOr<std::vector<Sha256Digest>> DigestsOf(const Hashes& hashes) {
  std::vector<Sha256Digest> digests;
  for (const std::string& hash : hashes) {
    ASSIGN_OR_RETURN(const Sha256Digest digest, DigestFromBytes(hash));
    digests.push_back(digest);
  }
  return digests;
}

absl::StatusOr<v1::TreeHead> GetTreeHead(Session* session, uint64_t size) {
  v1::GetTreeHeadRequest request;
  request.set_ledger(session->options().ledger);
  request.set_size(size);
  return session->Call(session->proofs(), &v1::ProofService::Stub::GetTreeHead, request);
}

absl::StatusOr<std::string> GetStoredBytes(Session* session, uint64_t position) {
  v1::GetEventRequest request;
  request.set_ledger(session->options().ledger);
  request.set_position(position);
  ASSIGN_OR_RETURN(const v1::GetEventResponse response,
                   session->Call(session->ledgers(), &v1::LedgerService::Stub::GetEvent, request));
  return response.event().stored();
}

}  // namespace

absl::Status ProveInclusion(const GlobalOptions& global, const InclusionOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  ASSIGN_OR_RETURN(const v1::TreeHead head, GetTreeHead(session.get(), options.size));
  v1::GetInclusionProofRequest request;
  request.set_ledger(global.ledger);
  request.set_position(options.position);
  request.set_tree_size(head.size());
  ASSIGN_OR_RETURN(
      const v1::GetInclusionProofResponse response,
      session->Call(session->proofs(), &v1::ProofService::Stub::GetInclusionProof, request));
  InclusionProofFile proof;
  proof.position = options.position;
  ASSIGN_OR_RETURN(proof.hashes, DigestsOf(response.hashes()));
  proof.tree_head = head.note();
  if (!options.without_event) {
    ASSIGN_OR_RETURN(proof.event, GetStoredBytes(session.get(), options.position));
  }
  Print(global.format == OutputFormat::kJson ? JsonText(response) : FormatProofFile(proof));
  return absl::OkStatus();
}

absl::Status ProveConsistency(const GlobalOptions& global, const ConsistencyOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  ASSIGN_OR_RETURN(const v1::TreeHead head, GetTreeHead(session.get(), options.new_size));
  v1::GetConsistencyProofRequest request;
  request.set_ledger(global.ledger);
  request.set_old_size(options.old_size);
  request.set_new_size(head.size());
  ASSIGN_OR_RETURN(
      const v1::GetConsistencyProofResponse response,
      session->Call(session->proofs(), &v1::ProofService::Stub::GetConsistencyProof, request));
  ConsistencyProofFile proof;
  proof.old_size = options.old_size;
  ASSIGN_OR_RETURN(proof.hashes, DigestsOf(response.hashes()));
  proof.tree_head = head.note();
  Print(global.format == OutputFormat::kJson ? JsonText(response) : FormatProofFile(proof));
  return absl::OkStatus();
}

}  // namespace payfold
