// Small random companies, and what tests do with their logs: shuffle, shrink,
// print.
//
//   const std::vector<v1::Event> log = RandomCompany(seed, {});
//   // The same lines in any order that keeps each stream's own:
//   EXPECT_EQ(Text(log), Text(Interleave(seed, log)));
//
// The same seed gives the same company on every machine. Envelopes are as the
// ledger would write them: position, recorded_at, stream and stream_version.

#ifndef TESTS_SUPPORT_RANDOM_COMPANY_H_
#define TESTS_SUPPORT_RANDOM_COMPANY_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ledger/calendar/date.h"
#include "payfold/v1/event.pb.h"
#include "tests/support/random_features.h"

namespace payfold_testing {

struct RandomCompanyOptions {
  int participants = 6;
  int deals = 15;
  int plans = 3;
  // Where business dates lie; some facts begin up to 30 days earlier.
  payfold::Date first = payfold::Date::Of(2025, 1, 1);
  int days = 90;
  bool foreign_currencies = true;  // deals in EUR and JPY beside USD
  bool missing_rates = true;       // some of their rates begin late or never
  bool voids = true;
  RandomFeatures features;  // none beside the basic ones
};

// A company with states that change, deals of all sizes (0 too) with splits,
// overlays, policies, amendments, cancellations and voids (some before what they
// void), plans in versions with all payouts that the release calculates, target
// incentives and quotas with gaps; metrics, goals, cash, balances as the features
// need them. Every plan compiles. Without features companies are always the same.
std::vector<payfold::v1::Event> RandomCompany(uint64_t seed, const RandomCompanyOptions& options);

// A day after which nothing more happens in such a company, but some payout
// periods still end.
payfold::Date Horizon(const RandomCompanyOptions& options);

// A random order of the events that keeps that of each stream, numbered anew. A
// void keeps its place after a fact that is stated again later.
std::vector<payfold::v1::Event> Interleave(uint64_t seed,
                                           const std::vector<payfold::v1::Event>& events);

// Writes position (from 1), recorded_at, stream and stream_version.
void WriteEnvelopes(std::vector<payfold::v1::Event>* events);

// The events as a client sends them: without what the ledger writes, and with a reason
// where admission asks for one.
std::vector<payfold::v1::Event> AsSent(std::vector<payfold::v1::Event> events);

// As small a log as dropping events, components and single fields of deals and
// plans makes it while `fails` says true of it. The ledger's configuration stays;
// a deal is never booked twice. REQUIRES: fails(events).
std::vector<payfold::v1::Event> Shrink(
    std::vector<payfold::v1::Event> events,
    const std::function<bool(const std::vector<payfold::v1::Event>&)>& fails);

// One event a line, to read or to append: without what the ledger writes.
std::string ToJsonLines(const std::vector<payfold::v1::Event>& events);

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_RANDOM_COMPANY_H_
