#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ledger/admission/codec.h"
#include "ledger/admission/event_json.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/envelope.h"
#include "ledger/log/merkle_tree.h"
#include "ledger/log/proof_file.h"
#include "ledger/log/proof_verifier.h"
#include "ledger/log/tree_head.h"
#include "tools/checks.h"
#include "tools/files.h"
#include "tools/output.h"
#include "tools/proof.h"
#include "tools/report.h"

namespace payfold {
namespace {

// A check of a proof, all of whose parts were read.
class ProofChecker {
 public:
  explicit ProofChecker(const CheckProofOptions& options) : options_(options) {}

  // Errors: those of CheckProof(), but for what does not hold.
  absl::Status Run() {
    ASSIGN_OR_RETURN(const std::string text, ReadInput(options_.file));
    ASSIGN_OR_RETURN(const ProofFile proof, ParseProofFile(text));
    if (!options_.tree_head.empty()) {
      ASSIGN_OR_RETURN(const std::string note, ReadInput(options_.tree_head));
      ASSIGN_OR_RETURN(trusted_, ReadTreeHead(note));
      if (!options_.key.empty()) CheckSignature("outside signature", note);
    }
    return std::visit([this](const auto& one) { return Check(one); }, proof);
  }

  const v1::Verdict& verdict() const { return verdict_; }
  // What a person reads when all holds.
  const std::string& conclusion() const { return conclusion_; }

 private:
  void Add(absl::string_view name, const absl::Status& status, std::string holds) {
    v1::Check* check = verdict_.add_checks();
    check->set_name(std::string(name));
    check->set_outcome(status.ok() ? v1::Check::HOLDS : v1::Check::DOES_NOT_HOLD);
    if (!status.ok()) check->set_subject(absl::StrCat("the ", name));
    check->set_detail(status.ok() ? std::move(holds) : std::string(status.message()));
  }

  void CheckSignature(absl::string_view name, const std::string& note) {
    if (options_.key.empty()) {
      v1::Check* check = verdict_.add_checks();
      check->set_name(std::string(name));
      check->set_outcome(v1::Check::NOT_CHECKED);
      check->set_detail("no --key was given; the proof is as good as the --tree-head");
      return;
    }
    Add(name, VerifyTreeHead(note, options_.key).status(),
        absl::StrCat("the tree head is signed by ", options_.key));
  }

  // Sets what all proofs have: the newest tree head in them.
  absl::StatusOr<TreeHead> Begin(const std::string& note) {
    absl::string_view origin;
    ASSIGN_OR_RETURN(TreeHead head, ReadTreeHead(note, &origin));
    CheckSignature("signature", note);
    origin_ = std::string(origin);
    verdict_.set_size(head.size);
    verdict_.set_root(std::string(AsBytes(head.root)));
    verdict_.set_verifier_key(options_.key);
    return head;
  }

  absl::StatusOr<std::string> EventBytes(const InclusionProofFile& proof) const {
    if (!options_.event.empty()) return ReadInput(options_.event);
    if (proof.event.has_value()) return *proof.event;
    return UsageError("--event: the proof does not carry its event; give the event's stored bytes");
  }

  absl::Status Check(const InclusionProofFile& proof) {
    if (options_.key.empty() && !trusted_.has_value()) {
      return UsageError(
          "--key: a proof is held against something that you trust; give the ledger's verifier "
          "key, or with --tree-head a tree head that you have from elsewhere");
    }
    ASSIGN_OR_RETURN(const TreeHead head, Begin(proof.tree_head));
    ASSIGN_OR_RETURN(const std::string bytes, EventBytes(proof));
    if (trusted_.has_value()) {
      if (trusted_->size != head.size) {
        return UsageError(absl::StrCat("--tree-head: it is of size ", trusted_->size,
                                       ", the proof of ", head.size,
                                       "; ask for a proof with --size ", trusted_->size));
      }
      Add("tree head",
          trusted_->root == head.root ? absl::OkStatus()
                                      : absl::DataLossError("it is not the one that was given"),
          "it has the root of the one that was given");
    }
    Add("inclusion",
        VerifyInclusion(proof.position - 1, head.size, HashLeaf(bytes), proof.hashes, head.root),
        absl::StrCat("the event's bytes are leaf ", proof.position - 1, " of ", head.size));
    const absl::StatusOr<Envelope> envelope = ParseEnvelope(bytes);
    const absl::StatusOr<v1::Event> event = DecodeEvent(bytes);
    absl::Status readable = envelope.status();
    readable.Update(event.status());
    if (readable.ok() && envelope->position != proof.position) {
      readable =
          absl::DataLossError(absl::StrCat("it says that it is at position ", envelope->position));
    }
    Add("event", readable, readable.ok() ? EventToJson(*event) : "");
    conclusion_ = absl::StrCat("the event is at position ", proof.position, " of the log of ",
                               origin_, ", as signed at size ", head.size);
    return absl::OkStatus();
  }

  absl::Status Check(const ConsistencyProofFile& proof) {
    if (!trusted_.has_value()) {
      return UsageError(absl::StrCat("--tree-head: give the older tree head, of size ",
                                     proof.old_size, ", that the newer one is to continue"));
    }
    if (!options_.event.empty()) return UsageError("--event: this proof is about no event");
    if (trusted_->size != proof.old_size) {
      return UsageError(absl::StrCat("--tree-head: it is of size ", trusted_->size,
                                     ", the proof is about one of size ", proof.old_size));
    }
    ASSIGN_OR_RETURN(const TreeHead head, Begin(proof.tree_head));
    Add("consistency",
        VerifyConsistency(proof.old_size, head.size, trusted_->root, head.root, proof.hashes),
        absl::StrCat("the first ", proof.old_size, " of ", head.size,
                     " events are what they were"));
    conclusion_ = absl::StrCat("the log of ", origin_, " of size ", head.size,
                               " continues the one of size ", proof.old_size);
    return absl::OkStatus();
  }

  const CheckProofOptions& options_;
  std::optional<TreeHead> trusted_;
  std::string origin_;
  v1::Verdict verdict_;
  std::string conclusion_;
};

}  // namespace

absl::Status CheckProof(const GlobalOptions& global, const CheckProofOptions& options) {
  ProofChecker checker(options);
  RETURN_IF_ERROR(checker.Run());
  v1::Verdict verdict = checker.verdict();
  const std::string finding = FirstFinding(verdict.checks());
  verdict.set_holds(finding.empty());
  PrintRows(global.format, verdict, CheckTable(verdict.checks()), "",
            finding.empty() ? checker.conclusion() : "");
  return finding.empty() ? absl::OkStatus() : absl::FailedPreconditionError(finding);
}

}  // namespace payfold
