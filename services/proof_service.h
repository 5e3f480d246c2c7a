// payfold.v1.ProofService: the proofs.

#ifndef SERVICES_PROOF_SERVICE_H_
#define SERVICES_PROOF_SERVICE_H_

#include "absl/status/status.h"
#include "payfold/v1/proof_service.grpc.pb.h"
#include "services/call.h"
#include "services/workspace.h"

namespace payfold {

// `*workspace` and `*executor` must outlive it.
class ProofServiceImpl final : public v1::ProofService::CallbackService {
 public:
  ProofServiceImpl(Workspace* workspace, Executor* executor)
      : workspace_(workspace), executor_(executor) {}

  grpc::ServerUnaryReactor* GetTreeHead(grpc::CallbackServerContext* context,
                                        const v1::GetTreeHeadRequest* request,
                                        v1::TreeHead* response) override;
  grpc::ServerUnaryReactor* ListTreeHeads(grpc::CallbackServerContext* context,
                                          const v1::ListTreeHeadsRequest* request,
                                          v1::ListTreeHeadsResponse* response) override;
  grpc::ServerUnaryReactor* GetInclusionProof(grpc::CallbackServerContext* context,
                                              const v1::GetInclusionProofRequest* request,
                                              v1::GetInclusionProofResponse* response) override;
  grpc::ServerUnaryReactor* GetConsistencyProof(grpc::CallbackServerContext* context,
                                                const v1::GetConsistencyProofRequest* request,
                                                v1::GetConsistencyProofResponse* response) override;
  grpc::ServerWriteReactor<v1::VerifyResponse>* Verify(grpc::CallbackServerContext* context,
                                                       const v1::VerifyRequest* request) override;

 private:
  absl::Status DoGetTreeHead(const v1::GetTreeHeadRequest& request, v1::TreeHead* response);
  absl::Status DoGetInclusionProof(const v1::GetInclusionProofRequest& request,
                                   v1::GetInclusionProofResponse* response);
  absl::Status DoGetConsistencyProof(const v1::GetConsistencyProofRequest& request,
                                     v1::GetConsistencyProofResponse* response);

  Workspace* workspace_;
  Executor* executor_;
};

}  // namespace payfold

#endif  // SERVICES_PROOF_SERVICE_H_
