#include "services/proof_service.h"

#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/sha256.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/merkle_tree.h"
#include "ledger/log/tree_head.h"
#include "services/errors.h"
#include "services/page_token.h"

namespace payfold {
namespace {

constexpr int kMaxTreeHeadsInPage = 1'000;

std::string BytesOf(const Sha256Digest& digest) { return std::string(AsBytes(digest)); }

v1::TreeHead MessageOf(const TreeHead& head, const EventLog& log) {
  v1::TreeHead message;
  message.set_note(head.note);
  message.set_size(head.size);
  message.set_root(BytesOf(head.root));
  message.set_verifier_key(log.verifier_key());
  return message;
}

// The token of a page says the size of the last tree head of the one before.
absl::StatusOr<v1::ListTreeHeadsResponse> TreeHeadPage(const EventLog& log,
                                                       const v1::ListTreeHeadsRequest& request) {
  if (request.page_size() < 0 || request.page_size() > kMaxTreeHeadsInPage) {
    return FieldError(
        "page_size", kReasonPageSize,
        absl::StrCat(request.page_size(), " is not between 1 and ", kMaxTreeHeadsInPage,
                     "; leave it out for ", kMaxTreeHeadsInPage));
  }
  v1::ListTreeHeadsRequest query = request;
  query.clear_page_size();
  query.clear_page_token();
  PageToken after;
  if (!request.page_token().empty()) {
    ASSIGN_OR_RETURN(after, DecodePageToken(request.page_token(), query, log.verifier_key()));
  }
  const auto limit =
      static_cast<size_t>(request.page_size() == 0 ? kMaxTreeHeadsInPage : request.page_size());
  constexpr uint64_t kAnySize = std::numeric_limits<uint64_t>::max();
  ASSIGN_OR_RETURN(const std::vector<TreeHead> heads,
                   log.ListTreeHeads(after.position + 1, kAnySize, limit + 1));
  v1::ListTreeHeadsResponse response;
  for (size_t i = 0; i < heads.size() && i < limit; ++i) {
    *response.add_tree_heads() = MessageOf(heads[i], log);
  }
  if (heads.size() > limit) {
    response.set_next_page_token(
        EncodePageToken({.position = heads[limit - 1].size}, query, log.verifier_key()));
  }
  return response;
}

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
  EventLog& log = open->ledger->log();
  ASSIGN_OR_RETURN(const TreeHead head, log.SignTreeHead());
  *response = MessageOf(head, log);
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* ProofServiceImpl::ListTreeHeads(grpc::CallbackServerContext* context,
                                                          const v1::ListTreeHeadsRequest* request,
                                                          v1::ListTreeHeadsResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call&) -> absl::Status {
    ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace_->Get(request->ledger()));
    ASSIGN_OR_RETURN(*response, TreeHeadPage(open->ledger->log(), *request));
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

}  // namespace payfold
