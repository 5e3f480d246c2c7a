#include "tools/command_line.h"

#include <cstdlib>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/stubs/logging.h"
#include "tools/append_events.h"
#include "tools/attainment.h"
#include "tools/backups.h"
#include "tools/balances.h"
#include "tools/bench.h"
#include "tools/close_ledger.h"
#include "tools/demo.h"
#include "tools/erase.h"
#include "tools/exceptions.h"
#include "tools/explain.h"
#include "tools/forecast.h"
#include "tools/gallery.h"
#include "tools/import_file.h"
#include "tools/init_ledger.h"
#include "tools/journal.h"
#include "tools/leaderboard.h"
#include "tools/lines.h"
#include "tools/openings.h"
#include "tools/options.h"
#include "tools/payments.h"
#include "tools/periods.h"
#include "tools/plans.h"
#include "tools/proof.h"
#include "tools/rebuild.h"
#include "tools/replay_commands.h"
#include "tools/report.h"
#include "tools/rewards.h"
#include "tools/serve.h"
#include "tools/show_log.h"
#include "tools/statement.h"
#include "tools/totals.h"
#include "tools/tree_head.h"
#include "tools/verify.h"

namespace payfold {
namespace {

// The commands.
class CommandLine : public ReplayCommands {
 public:
  CommandLine() {
    AddWriting();
    AddPlans();
    AddPayouts();
    AddPeriods();
    AddReplays();
    AddJournal();
    AddExplanations();
    AddFigures();
    AddForecastAndRewards();
    AddLog();
    AddProofs();
    AddGallery();
    AddServing();
    AddOperations();
    AddBench();
  }

 private:
  void AddWriting() {
    CLI::App* init = Add("init", "Make a ledger",
                         "  payfold init --data ./acme --currency USD\n"
                         "  payfold init --data ./acme --ledger de --currency EUR "
                         "--fiscal-year-start 7 --payout-period quarter",
                         {}, [this] { return InitLedger(global_, init_); });
    init->add_option("--currency", init_.currency, "Base currency (ISO 4217)")->required();
    Bounded(init, "--fiscal-year-start", &init_.fiscal_year_start, "First month, 1 to 12", 1, 12);
    init->add_option("--payout-period", init_.payout_period,
                     "week, two_weeks, half_month, month or quarter");
    init->add_option("--payout-anchor", init_.payout_anchor,
                     "With two_weeks: the first day of some period");

    CLI::App* append = Add("append", "Append events, one JSON object a line",
                           "  payfold append deals.jsonl --data ./acme\n"
                           "  crm-export | payfold append - --data ./acme --as crm",
                           {}, [this] { return AppendEvents(global_, append_); });
    append->add_option("FILE", append_.file, "The events; - is standard input")->required();
    append->add_flag("--validate-only", append_.validate_only, "Check the events, append nothing");
    CLI::App* import = Group("import", "Import what other systems export");
    CLI::App* crm = Add(import, "crm", "Import a CRM export by a mapping",
                        "  payfold import crm sales_pipeline.csv --map crm_sales.yaml "
                        "--data ./acme",
                        {}, [this] { return ImportCrmFile(global_, import_); });
    crm->add_option("FILE", import_.file, "The export, CSV")->required();
    crm->add_option("--map", import_.mapping, "The mapping, YAML")->required();
    crm->add_flag("--dry-run", import_.dry_run, "Report what would be appended, append nothing");
  }

  void AddPlans() {
    CLI::App* plan = Group("plan", "Check, publish and show plans");
    CLI::App* check = Add(plan, "check", "Compile a plan and say it in words",
                          "  payfold plan check ae-2025.yaml", {.place = Place::kNowhere},
                          [this] { return CheckPlanFile(global_, plan_file_); });
    check->add_option("FILE", plan_file_.file, "The plan, YAML or JSON; - is standard input")
        ->required();
    CLI::App* publish = Add(plan, "publish", "Publish a plan, or its next version",
                            "  payfold plan publish ae-2025.yaml --data ./acme --as petra", {},
                            [this] { return PublishPlanFile(global_, plan_file_); });
    publish->add_option("FILE", plan_file_.file, "The plan, YAML or JSON; - is standard input")
        ->required();
    publish->add_option("--event-id", plan_file_.event_id,
                        "Id of the event; else one made from the plan's content");
    publish->add_flag("--validate-only", plan_file_.validate_only, "Check, publish nothing");
    Add(plan, "list", "List plans and their versions", "  payfold plan list --data ./acme",
        {.csv = true}, [this] { return ListPlansTable(global_); });
    CLI::App* show = Add(plan, "show", "Show a plan in words",
                         "  payfold plan show ae-2025 --version 2 --data ./acme", {},
                         [this] { return ShowPlan(global_, show_plan_); });
    show->add_option("PLAN", show_plan_.plan_id, "Its id")->required();
    show->add_option("--version", show_plan_.version, "Its version; else the last");
    CLI::App* diff = Add(plan, "diff", "What changed from one version of a plan to another",
                         "  payfold plan diff ae-2025 --data ./acme\n"
                         "  payfold plan diff ae-2025 --from 1 --to 3 --data ./acme",
                         {.csv = true}, [this] { return DiffPlan(global_, diff_plan_); });
    diff->add_option("PLAN", diff_plan_.plan_id, "Its id")->required();
    diff->add_option("--from", diff_plan_.from, "A version; else the one before the other");
    diff->add_option("--to", diff_plan_.to, "A version; else the last");
  }

  void AddPayouts() {
    CLI::App* statement = Add("statement", "What a participant is owed for a payout period",
                              "  payfold statement ana 2025-01 --data ./acme\n"
                              "  payfold statement ana 2025-01 --as-of 2025-02-03 --data ./acme",
                              {.csv = true}, [this] { return ShowStatement(global_, statement_); });
    statement->add_option("PARTICIPANT", statement_.participant, "Its id")->required();
    statement->add_option("PERIOD", statement_.period, "A payout period: 2025-01")->required();
    statement->add_flag("--explain", statement_.with_explanations,
                        "With --json: each line with its explanation");
    statement->add_flag("--html", statement_.html, "A page to print or send: one HTML file");

    CLI::App* balances = Add("balances", "What participants earned and are owed in all",
                             "  payfold balances --data ./acme --csv", {.csv = true},
                             [this] { return ShowBalances(global_, balances_); });
    balances->add_option("--participant", balances_.participant, "Only this one");

    CLI::App* lines = Add("lines", "Earning lines",
                          "  payfold lines --participant ana --period 2025-Q1 --data ./acme",
                          {.csv = true}, [this] { return ShowLines(global_, lines_); });
    lines->add_option("--participant", lines_.participant, "Only of this one");
    lines->add_option("--period", lines_.period, "Only dated in this period, of any kind");
    lines->add_option("--plan", lines_.plan, "Only of this plan");
    lines->add_option("--component", lines_.component, "Only of this component");
  }

  void AddPeriods() {
    CLI::App* period = Group("period", "Close, approve and pay payout periods");
    Add(period, "list", "Payout periods and where they stand",
        "  payfold period list --data ./acme", {.csv = true},
        [this] { return ListPeriodsTable(global_); });
    CLI::App* preview = Add(period, "preview", "What a close would post; writes nothing",
                            "  payfold period preview 2025-01 --data ./acme", {.csv = true},
                            [this] { return PreviewPeriod(global_, period_); });
    preview->add_option("PERIOD", period_.period, "A payout period; else the first open one");
    CLI::App* close = Add(period, "close", "Post the statements of a period",
                          "  payfold period close 2025-01 --as carla --data ./acme", {},
                          [this] { return ClosePayoutPeriod(global_, period_); });
    close->add_flag("--over-exceptions", period_.over_exceptions,
                    "Although something waits or is lacking; the close records it");
    CLI::App* approve = Add(period, "approve", "Approve the posted statements, as somebody else",
                            "  payfold period approve 2025-01 --as olga --data ./acme", {},
                            [this] { return ApprovePayoutPeriod(global_, period_); });
    for (CLI::App* command : {close, approve}) {
      command->add_option("PERIOD", period_.period, "A payout period: 2025-01")->required();
      command->add_option("--digest", period_.digest, "Of the statements that were reviewed");
      command->add_flag("--validate-only", period_.validate_only, "Check, write nothing");
    }
    CLI::App* pay = Add(period, "pay", "Record payments against approved statements",
                        "  payfold period pay 2025-01 payments.csv --as carla --data ./acme\n"
                        "  payfold period pay 2025-01 --participant ana --amount '1200.00 USD' "
                        "--reference W-17 --date 2025-02-05 --as carla --data ./acme",
                        {}, [this] { return PayPeriod(global_, pay_); });
    pay->add_option("PERIOD", pay_.period, "A payout period: 2025-01")->required();
    pay->add_option("FILE", pay_.file, "CSV: participant, amount, currency, reference, date");
    pay->add_option("--participant", pay_.participant, "Instead of FILE: who was paid");
    pay->add_option("--amount", pay_.amount, "How much: '1200.00 USD'");
    pay->add_option("--reference", pay_.reference, "The payment's own id, used once for ever");
    pay->add_option("--date", pay_.date, "The day it was paid");
    pay->add_flag("--validate-only", pay_.validate_only, "Check, record nothing");
    CLI::App* openings =
        Add(period, "openings", "What a migration brought in, what became of it, tied out",
            "  payfold period openings --against old.csv --data ./acme", {.csv = true},
            [this] { return ShowOpenings(global_, openings_); });
    openings->add_option("--against", openings_.against,
                         "The old system's balances, CSV: participant, kind, currency, amount");
  }

  void AddJournal() {
    CLI::App* journal = Add("journal", "What was posted, as double entries",
                            "  payfold journal --format beancount --data ./acme > acme.beancount",
                            {.csv = true}, [this] { return ShowJournal(global_, journal_); });
    journal->add_option("--format", journal_.format, "hledger, ledger, beancount or csv")
        ->capture_default_str();
    journal->add_option("--period", journal_.period, "Only of this payout period");
    journal->add_option("--plan", journal_.plan, "Only of this plan");
    journal->add_option("--participant", journal_.participant, "Only of this one");
  }

  void AddExplanations() {
    CLI::App* explain = Add("explain", "Why a line is what it is, down to the events",
                            "  payfold explain ana/ae-2025/commission/2025-Q1/rate/2025-01 "
                            "--data ./acme",
                            {}, [this] { return ShowLineExplanation(global_, explain_line_); });
    explain->add_option("LINE", explain_line_.line, "Its id, as `payfold lines` prints it")
        ->required();
    CLI::App* deal = Add("explain-deal", "What each component did with a deal, or why not",
                         "  payfold explain-deal D-17 ana --data ./acme", {},
                         [this] { return ShowDealExplanation(global_, explain_deal_); });
    deal->add_option("DEAL", explain_deal_.deal, "Its id")->required();
    deal->add_option("PARTICIPANT", explain_deal_.participant, "Its id")->required();
  }

  void AddFigures() {
    CLI::App* attainment = Add("attainment", "Measures against their targets",
                               "  payfold attainment 2025-Q1 --data ./acme", {.csv = true},
                               [this] { return ShowAttainment(global_, attainment_); });
    attainment->add_option("PERIOD", attainment_.period, "A period of any kind")->required();
    attainment->add_option("--participant", attainment_.participant, "Only this one");

    CLI::App* board = Add("leaderboard", "Participants by rank",
                          "  payfold leaderboard 2025-Q1 --by earned --limit 10 --data ./acme\n"
                          "  payfold leaderboard 2025-Q1 --by attainment --plan ae-2025 "
                          "--component quota-bonus --data ./acme",
                          {.csv = true}, [this] { return ShowLeaderboard(global_, board_); });
    board->add_option("PERIOD", board_.period, "A period of any kind")->required();
    board->add_option("--by", board_.by, "credited, earned, deals, points, measure or attainment");
    board->add_option("--plan", board_.plan, "By measure or attainment: the plan");
    board->add_option("--component", board_.component, "And its component");
    board->add_option("--team", board_.team, "Only this team");
    board->add_option("--territory", board_.territory, "Only this territory");
    board->add_option("--manager", board_.manager, "Only those below this participant");
    board->add_option("--limit", board_.limit, "At most so many rows");

    CLI::App* totals = Add("totals", "What the company booked and collected, day by day",
                           "  payfold totals --data ./acme\n"
                           "  payfold totals --from 2025-01-01 --to 2025-03-31 --csv --data ./acme",
                           {.csv = true}, [this] { return ShowTotals(global_, totals_); });
    totals->add_option("--from", totals_.from, "The first day wanted");
    totals->add_option("--to", totals_.to, "The last day wanted");
    totals->add_option("--currency", totals_.currency, "Only in this currency");

    Add("exceptions", "What waits or lacks something", "  payfold exceptions --data ./acme",
        {.csv = true}, [this] { return ShowExceptions(global_); });
  }

  void AddForecastAndRewards() {
    CLI::App* forecast =
        Add("forecast", "What the open pipeline would add to earnings",
            "  payfold forecast ana 2025-Q3 --data ./acme\n"
            "  payfold forecast ana 2025-Q3 --deal D-17 --deal D-18 --data ./acme\n"
            "  payfold forecast - 2025-Q3 --csv --data ./acme",
            {.csv = true}, [this] { return ShowForecast(global_, forecast_); });
    forecast->add_option("PARTICIPANT", forecast_.participant, "Its id; - is everybody")
        ->required();
    forecast->add_option("PERIOD", forecast_.period, "A period of any kind")->required();
    forecast->add_option("--deal", forecast_.deals, "If this deal alone closes; may be repeated");

    CLI::App* rewards = Add("rewards", "Points, badges and items",
                            "  payfold rewards --participant ana --period 2025-Q1 --data ./acme",
                            {.csv = true}, [this] { return ShowRewards(global_, rewards_); });
    rewards->add_option("--participant", rewards_.participant, "Only of this one");
    rewards->add_option("--period", rewards_.period, "Only dated in this period, of any kind");
    rewards->add_option("--plan", rewards_.plan, "Only of this plan");
  }

  void AddLog() {
    CLI::App* log = Add("log", "The events of the ledger",
                        "  payfold log --stream deals/D-17 --data ./acme\n"
                        "  payfold log --backwards --limit 10 --json --data ./acme\n"
                        "  payfold log --follow --kind deal_booked --server 127.0.0.1:7077",
                        {.csv = true}, [this] { return ShowLog(global_, log_); });
    log->add_option("--stream", log_.stream, "Only of this stream");
    log->add_option("--participant", log_.participant, "Only that name this participant");
    log->add_option("--kind", log_.kinds, "Only of this kind (deal_booked); may be repeated");
    log->add_option("--from", log_.from, "First position wanted");
    log->add_option("--limit", log_.limit, "At most so many");
    log->add_flag("--backwards", log_.backwards, "The last ones first");
    log->add_flag("--follow", log_.follow, "Go on with what is appended, until interrupted")
        ->excludes("--backwards");
    log->add_flag("--raw", log_.raw, "With --limit 1: the event's stored bytes")
        ->excludes("--follow");

    CLI::App* rebuild = Add("rebuild", "Derive all from the log again, and compare",
                            "  payfold rebuild --workers 2 --data ./acme\n"
                            "  payfold rebuild --projection daily-totals --data ./acme",
                            {}, [this] { return RebuildProjection(global_, rebuild_); });
    rebuild->add_option("--workers", rebuild_.workers, "Threads, 1 to 64; else one a processor");
    rebuild->add_option("--projection", rebuild_.projection,
                        "payouts or daily-totals; else payouts");
    Add("demo", "A small company, told step by step",
        "  payfold demo\n  payfold demo --data ./sample", {.place = Place::kOwn},
        [this] { return RunDemo(global_); });
  }

  void AddProofs() {
    CLI::App* head = Add("tree-head", "The signed commitment to all that is in the log",
                         "  payfold tree-head --data ./acme\n"
                         "  payfold tree-head --note --data ./acme > 2025-01.tree-head",
                         {}, [this] { return ShowTreeHead(global_, tree_head_); });
    head->add_flag("--note", tree_head_.note, "Only the signed note, to be kept in a file");
    head->add_option("--size", tree_head_.size, "One that was signed before, by its size");

    CLI::App* verify = Add("verify", "Recompute everything from the stored bytes, and compare",
                           "  payfold verify --data ./acme\n"
                           "  payfold verify --tree-head 2025-01.tree-head --key "
                           "\"acme.example+…\" --data ./acme",
                           {.csv = true}, [this] { return VerifyLedger(global_, verify_); });
    verify->add_option("--tree-head", verify_.tree_head, "One that was kept elsewhere, a file");
    verify->add_option("--key", verify_.key, "The verifier key that the ledger must sign with");
    verify->add_option("--workers", verify_.workers, "Threads, 1 to 64; else one a processor");

    CLI::App* proof = app_.add_subcommand("proof", "Proofs as files, and their check");
    proof->require_subcommand(1);
    proof->fallthrough();
    CLI::App* inclusion = Add(proof, "inclusion", "That an event is in the log (C2SP tlog-proof)",
                              "  payfold proof inclusion 41 --data ./acme > 41.tlog-proof", {},
                              [this] { return ProveInclusion(global_, inclusion_); });
    inclusion->add_option("POSITION", inclusion_.position, "Of the event")->required();
    inclusion->add_option("--size", inclusion_.size, "For the tree head of this size; else now");
    inclusion->add_flag("--without-event", inclusion_.without_event,
                        "Leave the event's bytes out of the file");
    CLI::App* consistency = Add(proof, "consistency", "That a tree head continues an older one",
                                "  payfold proof consistency 40 89 --data ./acme > 40-89.proof", {},
                                [this] { return ProveConsistency(global_, consistency_); });
    consistency->add_option("OLD", consistency_.old_size, "Size of the older one")->required();
    consistency->add_option("NEW", consistency_.new_size, "Of the newer one; 0 is now")->required();
    CLI::App* check = Add(proof, "check", "Check a proof, without any ledger",
                          "  payfold proof check 41.tlog-proof --key \"acme.example+…\"\n"
                          "  payfold proof check 40-89.proof --tree-head 40.tree-head",
                          {.csv = true, .place = Place::kNowhere},
                          [this] { return CheckProof(global_, check_proof_); });
    check->add_option("FILE", check_proof_.file, "The proof; - is standard input")->required();
    check->add_option("--event", check_proof_.event,
                      "The event's stored bytes (log --raw), a file");
    check->add_option("--tree-head", check_proof_.tree_head, "A tree head that you trust, a file");
    check->add_option("--key", check_proof_.key, "The ledger's verifier key");
  }

  void AddGallery() {
    CLI::App* gallery = Group("gallery", "Incentive programmes to look at and try");
    Add(gallery, "list", "The programmes there are", "  payfold gallery list",
        {.csv = true, .place = Place::kOwn}, [this] { return ListGallery(global_); });
    CLI::App* run = Add(gallery, "run", "Run a programme in a new ledger, and show what it pays",
                        "  payfold gallery run cohort\n"
                        "  payfold gallery run 19 --data ./saas",
                        {.place = Place::kOwn}, [this] { return RunGallery(global_, gallery_); });
    run->add_option("NAME", gallery_.programme, "Its number or name")->required();
  }

  void AddServing() {
    CLI::App* serve = Add("serve", "Serve the ledgers of a data directory to other processes",
                          "  payfold serve --data ./acme\n"
                          "  payfold serve --data ./acme --listen 127.0.0.1:0\n"
                          "  payfold balances --server 127.0.0.1:7077",
                          {.place = Place::kDirectory}, [this] { return Serve(global_, serve_); });
    serve->add_option("--listen", serve_.listen, "Address on the loopback; port 0 takes a free one")
        ->type_name("HOST:PORT")
        ->capture_default_str();
    Bounded(serve, "--drain", &serve_.drain_seconds, "Seconds that calls get to end on SIGTERM", 0,
            3'600);
    Add("close", "Make a server let go of a ledger until its next use",
        "  payfold close --ledger main --server 127.0.0.1:7077", {.place = Place::kServer},
        [this] { return CloseLedgerOfServer(global_); });
  }

  void AddOperations() {
    CLI::App* erase = Add("erase", "Make what is personal of a participant unreadable for ever",
                          "  payfold erase ana --reason 'request 2025-17' --as dpo --data ./acme",
                          {}, [this] { return ErasePerson(global_, erase_); });
    erase->add_option("PARTICIPANT", erase_.participant, "Its id")->required();
    erase->add_option("--reason", erase_.reason, "Kept in clear: must not name the person")
        ->required();
    erase->add_flag("--validate-only", erase_.validate_only, "Check, erase nothing");

    CLI::App* backup = Group("backup", "Copies of a ledger, and ledgers restored from them");
    CLI::App* create = Add(backup, "create", "Copy a log while it is written; again: what is new",
                           "  payfold backup create /backup/acme --keys /safe/acme --data ./acme",
                           {}, [this] { return CreateBackupOfLedger(global_, backup_); });
    create->add_option("--keys", backup_.keys, "Copy the keys as well, to a directory apart");
    CLI::App* list = Add(backup, "list", "The backups in a directory",
                         "  payfold backup list /backup/acme --data ./acme", {.csv = true},
                         [this] { return ListBackupsTable(global_, backup_); });
    CLI::App* restore =
        Add(backup, "restore", "Make a ledger of a backup, once it was checked",
            "  payfold backup restore /backup/acme --keys /safe/acme --data ./new",
            {.place = Place::kDirectory}, [this] { return RestoreBackup(global_, backup_); });
    restore->add_option("--backup", backup_.backup, "Its number; else the last");
    restore->add_option("--keys", backup_.keys, "Where the keys were copied to");
    restore->add_flag("--without-keys", backup_.without_keys,
                      "They are lost: amounts are right, nothing personal is readable");
    for (CLI::App* command : {create, list, restore}) {
      command->add_option("DIR", backup_.directory, "The directory of the backups")->required();
    }
  }

  void AddBench() {
    CLI::App* bench = Group("bench", "Put a load on a server and measure it");
    CLI::App* append =
        Add(bench, "append", "Append the standard company to a new ledger over streams",
            "  payfold bench append --ledger bench-1 --server 127.0.0.1:7077\n"
            "  payfold bench append --ledger bench-2 --streams 4 --batch 1000 --in-flight 4 "
            "--rate 50000 --server 127.0.0.1:7077",
            {.place = Place::kServer}, [this] { return BenchAppend(global_, bench_append_); });
    Bounded(append, "--streams", &bench_append_.streams, "Append streams", 1, 10'000);
    Bounded(append, "--batch", &bench_append_.batch, "Events in a batch", 1, 10'000);
    Bounded(append, "--in-flight", &bench_append_.in_flight, "Batches on their way, a stream", 1,
            64);
    Bounded(append, "--rate", &bench_append_.rate,
            "Events due each second, whatever the server does (open loop); 0: each stream sends "
            "as fast as it is answered (closed loop)",
            0, 10'000'000);
    Bounded(append, "--deals", &bench_append_.deals, "Deals of the company, two events each", 1,
            50'000'000);
    Bounded(append, "--seconds", &bench_append_.seconds, "How long at most", 1, 86'400);
    CLI::App* statement = Add(
        bench, "statement", "Ask for statements of a ledger at random",
        "  payfold bench statement --ledger bench-1 --rate 500 --server 127.0.0.1:7077",
        {.place = Place::kServer}, [this] { return BenchStatement(global_, bench_statement_); });
    Bounded(statement, "--clients", &bench_statement_.clients, "Callers at the same time", 1,
            1'000);
    Bounded(statement, "--rate", &bench_statement_.rate,
            "Calls due each second (open loop); 0: closed loop", 0, 10'000'000);
    statement->add_flag("--past", bench_statement_.past, "As of positions chosen at random");
    Bounded(statement, "--seconds", &bench_statement_.seconds, "How long", 1, 86'400);
  }

  InitOptions init_;
  AppendEventsOptions append_;
  ImportFileOptions import_;
  PlanFileOptions plan_file_;
  ShowPlanOptions show_plan_;
  DiffPlanOptions diff_plan_;
  StatementOptions statement_;
  PeriodOptions period_;
  PayOptions pay_;
  OpeningsOptions openings_;
  EraseOptions erase_;
  BackupOptions backup_;
  JournalOptions journal_;
  BalancesOptions balances_;
  LinesOptions lines_;
  ExplainLineOptions explain_line_;
  ExplainDealOptions explain_deal_;
  AttainmentOptions attainment_;
  LeaderboardOptions board_;
  TotalsOptions totals_;
  ForecastOptions forecast_;
  RewardsOptions rewards_;
  ShowLogOptions log_;
  GalleryRunOptions gallery_;
  RebuildOptions rebuild_;
  TreeHeadOptions tree_head_;
  VerifyOptions verify_;
  InclusionOptions inclusion_;
  ConsistencyOptions consistency_;
  CheckProofOptions check_proof_;
  ServeOptions serve_;
  BenchAppendOptions bench_append_;
  BenchStatementOptions bench_statement_;
};

}  // namespace

int RunCommandLine(int argc, char** argv) {
  // Errors are told below or to the client, once; libraries log none. gRPC does if
  // the variable is set.
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);
  google::protobuf::SetLogHandler(nullptr);
  CommandLine command_line;
  std::function<absl::Status()> run;
  try {
    run = command_line.Parse(argc, argv);
  } catch (const CLI::Error& error) {
    if (error.get_exit_code() == 0) return command_line.Exit(error);  // --help, --version
    PrintErrorLine(command_line.TextOf(error));
    return static_cast<int>(ExitCode::kBadUsage);
  }
  absl::Status status = run();
  std::cout.flush();
  if (status.ok() && !std::cout) {
    status = absl::UnavailableError("standard output could not be written to the end");
  }
  if (!status.ok()) PrintError(status);
  return static_cast<int>(ExitCodeOf(status));
}

}  // namespace payfold
