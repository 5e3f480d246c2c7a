#include "tools/replay_commands.h"

namespace payfold {

void ReplayCommands::AddReplays() {
  CLI::App* replay = Group("replay", "What if, and backfill: preview, review, commit");
  AddStart(replay);
  AddWorkflow(replay);
  AddDifferences(replay);
}

void ReplayCommands::AddStart(CLI::App* replay) {
  CLI::App* start =
      Add(replay, "start", "Fold hypothetical events on top of the ledger, and compare",
          "  payfold replay start --plan ae-2025-april.yaml --name 'new rates from April' "
          "--data ./acme\n"
          "  payfold replay start --add split.jsonl --participant ana --first-period 2025-01 "
          "--data ./acme\n"
          "  payfold replay start --events-of replay-1f2e3d4c --data ./acme",
          {}, [this] { return StartReplayOf(global_, start_replay_); });
  start->add_option("--add", start_replay_.files,
                    "Hypothetical events, one JSON object a line; - is standard input; may be "
                    "repeated");
  start->add_option("--plan", start_replay_.plans,
                    "A hypothetical version of a plan, YAML or JSON; may be repeated");
  start->add_option("--events-of", start_replay_.events_of, "Those of another replay, before");
  start->add_option("--id", start_replay_.id, "Its id; else one is made up");
  start->add_option("--name", start_replay_.name, "What for");
  start->add_option("--first-period", start_replay_.first_period,
                    "Compare from this payout period");
  start->add_option("--last-period", start_replay_.last_period, "Compare up to this payout period");
  start->add_option("--participant", start_replay_.participants,
                    "Compare only this one; may be repeated");
  start->add_flag("--four-eyes", start_replay_.four_eyes,
                  "A commit needs the approval of somebody else");
  start->add_flag("--no-wait", start_replay_.no_wait, "Do not wait for its end (with --server)");
  start->add_flag("--validate-only", start_replay_.validate_only,
                  "Check the events, start nothing");
}

void ReplayCommands::AddWorkflow(CLI::App* replay) {
  Add(replay, "list", "Replays and where they stand", "  payfold replay list --data ./acme",
      {.csv = true}, [this] { return ListReplaysTable(global_); });
  CLI::App* show =
      Add(replay, "show", "What a replay came to", "  payfold replay show april --data ./acme", {},
          [this] { return ShowReplay(global_, replay_); });
  show->add_flag("--events", replay_.events, "Also its hypothetical events");
  CLI::App* watch = Add(replay, "watch", "Wait for the end of a replay",
                        "  payfold replay watch april --server 127.0.0.1:7077", {},
                        [this] { return WatchReplayOf(global_, replay_); });
  CLI::App* cancel = Add(replay, "cancel", "Stop a replay that runs",
                         "  payfold replay cancel april --server 127.0.0.1:7077", {},
                         [this] { return CancelReplayOf(global_, replay_); });
  CLI::App* approve = Add(replay, "approve", "Approve what was reviewed, as somebody else",
                          "  payfold replay approve april --as olga --data ./acme", {},
                          [this] { return ApproveReplayOf(global_, replay_); });
  CLI::App* commit = Add(replay, "commit", "Append the events, if they still make the difference",
                         "  payfold replay commit april --reason 'agreed on 3 July' --as petra "
                         "--data ./acme",
                         {}, [this] { return CommitReplayOf(global_, replay_); });
  for (CLI::App* command : {show, watch, cancel, approve, commit}) {
    command->add_option("REPLAY", replay_.id, "Its id")->required();
  }
  for (CLI::App* command : {approve, commit}) {
    command->add_option("--digest", replay_.digest,
                        "Of the difference that was reviewed; else that of the replay");
    command->add_option("--reason", replay_.reason, "Why, for the log");
    command->add_flag("--validate-only", replay_.validate_only, "Check, write nothing");
  }
}

void ReplayCommands::AddDifferences(CLI::App* replay) {
  CLI::App* diff = Add(replay, "diff", "What a replay changes",
                       "  payfold replay diff april --data ./acme\n"
                       "  payfold replay diff april --order loss --limit 20 --lines --data ./acme",
                       {.csv = true}, [this] { return ShowDifferences(global_, replay_diff_); });
  diff->add_option("REPLAY", replay_diff_.id, "Its id")->required();
  diff->add_flag("--lines", replay_diff_.lines, "Each line before and after, with its reason");
  diff->add_flag("--true-ups", replay_diff_.true_ups,
                 "Instead: what it makes payable now of closed periods");
  CLI::App* compare = Add(replay, "compare", "What one replay pays more than another",
                          "  payfold replay compare plan-a plan-b --data ./acme", {.csv = true},
                          [this] { return ShowComparison(global_, replay_diff_); });
  compare->add_option("A", replay_diff_.id, "A replay")->required();
  compare->add_option("B", replay_diff_.against, "Another one, on the same position")->required();
  for (CLI::App* command : {diff, compare}) {
    command->add_option("--participant", replay_diff_.participant, "Only of this one");
    command->add_option("--period", replay_diff_.period, "Only of this payout period");
    command->add_option("--plan", replay_diff_.plan, "Only of this plan");
    command->add_option("--component", replay_diff_.component, "Only of this component");
    command->add_option("--order", replay_diff_.order, "gain, loss or largest first");
    command->add_option("--limit", replay_diff_.limit, "At most so many rows");
  }
}

}  // namespace payfold
