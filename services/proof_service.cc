#include "services/proof_service.h"

#include <memory>
#include <string>
#include <vector>

#include "ledger/base/sha256.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/merkle_tree.h"
#include "services/tree_heads.h"
#include "services/verification.h"

namespace payfold {
namespace {

std::string BytesOf(const Sha256Digest& digest) { return std::string(AsBytes(digest)); }

uint64_t SizeOr(uint64_t size, uint64_t head) { return size == 0 ? head : size; }

}  // namespace

grpc::ServerUnaryReactor* ProofServiceImpl::GetTreeHead(grpc::CallbackServerContext* context,
                                                        const v1::GetTreeHeadRequest* request,
                                                        v1::TreeHead* response) {
  return RunUnary(executor_, context,
                  [=, this](const Call&) { return DoGetTreeHead(*request, response); });
}

absl::Status ProofServiceImpl::DoGetTreeHead(const v1::GetTreeHeadRequest& request,
                                             v1::TreeHead* response) {
  ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace_->Get(request.ledger()));
  ASSIGN_OR_RETURN(*response, FindTreeHead(&open->ledger->log(), request.size()));
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* ProofServiceImpl::ListTreeHeads(grpc::CallbackServerContext* context,
                                                          const v1::ListTreeHeadsRequest* request,
                                                          v1::ListTreeHeadsResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call&) -> absl::Status {
    ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace_->Get(request->ledger()));
    ASSIGN_OR_RETURN(*response, PageOfTreeHeads(open->ledger->log(), *request));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* ProofServiceImpl::GetInclusionProof(
    grpc::CallbackServerContext* context, const v1::GetInclusionProofRequest* request,
    v1::GetInclusionProofResponse* response) {
  return RunUnary(executor_, context,
                  [=, this](const Call&) { return DoGetInclusionProof(*request, response); });
}

absl::Status ProofServiceImpl::DoGetInclusionProof(const v1::GetInclusionProofRequest& request,
                                                   v1::GetInclusionProofResponse* response) {
  ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace_->Get(request.ledger()));
  const EventLog& log = open->ledger->log();
  const uint64_t size = SizeOr(request.tree_size(), log.head());
  ASSIGN_OR_RETURN(const std::vector<Sha256Digest> proof,
                   log.InclusionProof(request.position(), size));
  ASSIGN_OR_RETURN(const Sha256Digest root, log.RootAt(size));
  EventStorage storage;
  ASSIGN_OR_RETURN(const EventView event, log.Get(request.position(), &storage));
  response->set_position(request.position());
  response->set_tree_size(size);
  for (const Sha256Digest& hash : proof) response->add_hashes(BytesOf(hash));
  response->set_leaf_hash(BytesOf(HashLeaf(event.bytes)));
  response->set_root(BytesOf(root));
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* ProofServiceImpl::GetConsistencyProof(
    grpc::CallbackServerContext* context, const v1::GetConsistencyProofRequest* request,
    v1::GetConsistencyProofResponse* response) {
  return RunUnary(executor_, context,
                  [=, this](const Call&) { return DoGetConsistencyProof(*request, response); });
}

absl::Status ProofServiceImpl::DoGetConsistencyProof(const v1::GetConsistencyProofRequest& request,
                                                     v1::GetConsistencyProofResponse* response) {
  ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace_->Get(request.ledger()));
  const EventLog& log = open->ledger->log();
  const uint64_t new_size = SizeOr(request.new_size(), log.head());
  ASSIGN_OR_RETURN(const std::vector<Sha256Digest> proof,
                   log.ConsistencyProof(request.old_size(), new_size));
  ASSIGN_OR_RETURN(const Sha256Digest old_root, log.RootAt(request.old_size()));
  ASSIGN_OR_RETURN(const Sha256Digest new_root, log.RootAt(new_size));
  response->set_old_size(request.old_size());
  response->set_new_size(new_size);
  for (const Sha256Digest& hash : proof) response->add_hashes(BytesOf(hash));
  response->set_old_root(BytesOf(old_root));
  response->set_new_root(BytesOf(new_root));
  return absl::OkStatus();
}

grpc::ServerWriteReactor<v1::VerifyResponse>* ProofServiceImpl::Verify(
    grpc::CallbackServerContext* context, const v1::VerifyRequest* request) {
  return new StreamReactor<v1::VerifyResponse>(
      executor_, context,
      [this, request = *request](const Call&) { return StartVerification(workspace_, request); });
}

}  // namespace payfold
