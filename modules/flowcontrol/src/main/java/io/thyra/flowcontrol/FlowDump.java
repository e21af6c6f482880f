package io.thyra.flowcontrol;

import java.util.ArrayList;
import java.util.List;

/// The pages below `/debug/api_priority_and_fairness`, as tables for people. Queues are told as they are configured: no request
/// ever waits in one, since a request that finds no room is rejected.
/// Source: apiserver pkg/util/flowcontrol/apf_controller_debug.go.
public final class FlowDump {
  private static final int CELL_MIN = 8;
  private static final List<String> LEVELS =
      List.of(
          "PriorityLevelName", "ActiveQueues", "IsIdle", "IsQuiescing", "WaitingRequests", "ExecutingRequests", "DispatchedRequests",
          "RejectedRequests", "TimedoutRequests", "CancelledRequests");
  private static final List<String> QUEUES =
      List.of(
          "PriorityLevelName", "Index", "PendingRequests", "ExecutingRequests", "SeatsInUse", "NextDispatchR", "InitialSeatsSum",
          "MaxSeatsSum", "TotalWorkSum");
  private static final List<String> REQUESTS =
      List.of(
          "PriorityLevelName", "FlowSchemaName", "QueueIndex", "RequestIndexInQueue", "FlowDistingsher", "ArriveTime", "InitialSeats",
          "FinalSeats", "AdditionalLatency", "StartTime");
  private static final String NO_SEATS = "0.00000000ss";

  private FlowDump() {}

  /// A row for each priority level.
  public static String priorityLevels(FlowSchemas schemas) {
    var rows = new ArrayList<List<String>>();
    rows.add(LEVELS);
    List<FlowSchemas.Flow> flows = schemas.flows();
    for (PriorityLevel level : schemas.levels()) {
      long executing = 0;
      long dispatched = 0;
      long rejected = 0;
      for (FlowSchemas.Flow flow : flows) {
        if (flow.priorityLevel().equals(level.name())) {
          executing += flow.traffic().executing();
          dispatched += flow.traffic().dispatched();
          rejected += flow.traffic().rejected();
        }
      }
      rows.add(
          List.of(
              level.name(), "0", Boolean.toString(executing == 0), "false", "0", Long.toString(executing), Long.toString(dispatched),
              Long.toString(rejected), "0", "0"));
    }
    return table(rows);
  }

  /// A row for each queue.
  public static String queues(FlowSchemas schemas) {
    var rows = new ArrayList<List<String>>();
    rows.add(QUEUES);
    for (PriorityLevel level : schemas.levels()) {
      for (int i = 0; i < level.queues(); i++) {
        rows.add(List.of(level.name(), Integer.toString(i), "0", "0", "0", NO_SEATS, "0", "0", NO_SEATS));
      }
    }
    return table(rows);
  }

  /// A row for each request that waits, which none does.
  public static String requests() {
    return table(List.of(REQUESTS));
  }

  /// As Go's tabwriter lays columns out: as wide as their widest cell and one more, the last as it is.
  private static String table(List<List<String>> rows) {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns - 1; i++) {
        widths[i] = Math.max(widths[i], Math.max(CELL_MIN, row.get(i).length() + 2));
      }
    }
    var out = new StringBuilder();
    for (List<String> row : rows) {
      for (int i = 0; i < columns - 1; i++) {
        String cell = row.get(i) + ",";
        out.append(cell).repeat(' ', widths[i] - cell.length());
      }
      out.append(row.getLast()).append('\n');
    }
    return out.toString();
  }
}
