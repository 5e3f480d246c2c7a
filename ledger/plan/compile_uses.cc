// Components that use the money of others: they must be there, and none may
// depend on itself.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/base/quote.h"
#include "ledger/plan/compile_parts.h"
#include "ledger/plan/shorthand.h"

namespace payfold {
namespace {

constexpr int kNone = -1;

// Who uses whom, by place in the plan.
class Uses {
 public:
  Uses(const Program& program, const std::vector<ComponentUse>& uses) {
    for (const Component& component : program.components) {
      places_.emplace(component.component_id, static_cast<int>(ids_.size()));
      ids_.push_back(component.component_id);
    }
    used_.resize(ids_.size());
    for (const ComponentUse& use : uses) {
      const int used = Find(use.used);
      if (use.user >= 0 && used != kNone) used_[static_cast<size_t>(use.user)].push_back(used);
    }
  }

  // The component's place, or kNone.
  int Find(const std::string& id) const {
    const auto it = places_.find(id);
    return it == places_.end() ? kNone : it->second;
  }

  // A way over uses from a component back to it, which ends with it; empty if
  // there is none.
  std::vector<int> Circle(int of) const {
    std::set<int> seen;
    std::vector<int> way;
    for (const int next : used_[static_cast<size_t>(of)]) {
      if (Search(next, of, &seen, &way)) return way;
    }
    return {};
  }

  std::string Names(const std::vector<int>& way) const {
    return absl::StrJoin(way, ", which depends on ", [&](std::string* out, int i) {
      out->append(ids_[static_cast<size_t>(i)]);
    });
  }

  const std::vector<std::string>& ids() const { return ids_; }

 private:
  bool Search(int from, int to, std::set<int>* seen, std::vector<int>* way) const {
    if (from != to && !seen->insert(from).second) return false;
    way->push_back(from);
    if (from == to) return true;
    for (const int next : used_[static_cast<size_t>(from)]) {
      if (Search(next, to, seen, way)) return true;
    }
    way->pop_back();
    return false;
  }

  std::vector<std::string> ids_;
  std::map<std::string, int> places_;
  std::vector<std::vector<int>> used_;
};

// `with_hint`: looking for the nearest name takes time, which a plan with many
// mistakes must not multiply.
void ReportMissing(const ComponentUse& use, const Uses& uses, bool with_hint, Findings* findings) {
  constexpr size_t kFew = 10;
  std::string hint;
  const std::string nearest = with_hint ? NearestName(use.used, uses.ids()) : "";
  if (!nearest.empty()) {
    hint = absl::StrCat(": did you mean `", nearest, "`?");
  } else if (uses.ids().size() <= kFew) {
    hint = absl::StrCat(": they are ", absl::StrJoin(uses.ids(), ", "));
  }
  findings->Error(use.path,
                  absl::StrCat(Quote(use.used), " is not a component of this plan", hint));
}

void ReportCircle(const ComponentUse& use, const std::vector<int>& way, const Uses& uses,
                  Findings* findings) {
  findings->Error(
      use.path,
      absl::StrCat("makes the component depend on itself, on ", uses.Names(way),
                   way.size() > 1 ? ": break the circle, or split a component" : ": remove it"));
}

}  // namespace

void CheckUses(const Program& program, Compilation* c) {
  const Uses uses(program, c->uses);
  int hints = 20;
  std::map<int, std::vector<int>> circles;  // of who uses something
  std::set<int> reported;
  for (const ComponentUse& use : c->uses) {
    const int used = uses.Find(use.used);
    if (used == kNone) {
      // What is no identifier is reported where it stands.
      if (!use.used.empty()) ReportMissing(use, uses, hints-- > 0, &c->findings);
      continue;
    }
    if (program.components[static_cast<size_t>(used)].reward.kind != Reward::Kind::kMoney) {
      c->findings.Warning(use.path,
                          absl::StrCat(Quote(use.used), " pays no money, so this is always 0"));
    }
    if (use.user == Compilation::kEligibility) {
      c->findings.Error(use.path, absl::StrCat("ranks by what ", use.used,
                                               " of this plan pays, which depends on who is in "
                                               "the plan: a component that depends on itself "
                                               "cannot be calculated"));
      continue;
    }
    const auto [it, is_new] = circles.try_emplace(use.user);
    if (is_new) it->second = uses.Circle(use.user);
    const std::vector<int>& way = it->second;
    if (way.empty() || way.front() != used || reported.count(use.user) > 0) continue;
    reported.insert(way.begin(), way.end());
    ReportCircle(use, way, uses, &c->findings);
  }
}

}  // namespace payfold
