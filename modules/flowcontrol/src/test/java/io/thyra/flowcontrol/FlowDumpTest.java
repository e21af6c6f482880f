package io.thyra.flowcontrol;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.codec.JsonReader;
import io.thyra.model.ObjectValue;
import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlowDumpTest {
  private static final ObjectValue SCHEMA =
      object(
          """
          {"metadata": {"name": "all", "uid": "u1"}, "spec": {"priorityLevelConfiguration": {"name": "low"}, "matchingPrecedence": 1,
           "rules": [{"subjects": [{"kind": "User", "user": {"name": "*"}}],
                      "nonResourceRules": [{"verbs": ["*"], "nonResourceURLs": ["*"]}]}]}}
          """);
  private static final ObjectValue LOW =
      object(
          """
          {"metadata": {"name": "low", "uid": "u2"}, "spec": {"type": "Limited", "limited": {"nominalConcurrencyShares": 5,
           "lendablePercent": 50, "limitResponse": {"type": "Queue", "queuing": {"queues": 2}}}}}
          """);
  private static final ObjectValue EXEMPT = object("{\"metadata\": {\"name\": \"exempt\"}, \"spec\": {\"type\": \"Exempt\"}}");

  private final FlowSchemas schemas = new FlowSchemas();

  private static ObjectValue object(String json) {
    return (ObjectValue) JsonReader.read(json);
  }

  private FlowControl.Classified classify() {
    return schemas.classify(new UserInfo("a", "", List.of()), RequestInfo.nonResource("/", "get")).orElseThrow();
  }

  @Test
  void printsALineForEachPriorityLevel() {
    schemas.update(List.of(SCHEMA), List.of(LOW, EXEMPT));
    Traffic traffic = classify().traffic();
    traffic.begin();
    traffic.begin();
    traffic.end();
    traffic.reject();
    assertThat(FlowDump.priorityLevels(schemas))
        .isEqualTo(
            """
            PriorityLevelName, ActiveQueues, IsIdle, IsQuiescing, WaitingRequests, ExecutingRequests, DispatchedRequests, RejectedRequests, \
            TimedoutRequests, CancelledRequests
            exempt,            0,            true,   false,       0,               0,                 0,                  0,                \
            0,                0
            low,               0,            false,  false,       0,               1,                 2,                  1,                \
            0,                0
            """);
  }

  @Test
  void printsALineForEachQueue() {
    schemas.update(List.of(SCHEMA), List.of(LOW, EXEMPT));
    assertThat(FlowDump.queues(schemas).lines().toList())
        .hasSize(3)
        .element(2)
        .isEqualTo("low,               1,      0,               0,                 0,          0.00000000ss,  0,               0,           0.00000000ss");
  }

  @Test
  void keepsCountingWhenObjectsChange() {
    schemas.update(List.of(SCHEMA), List.of(LOW));
    classify().traffic().begin();
    schemas.update(List.of(SCHEMA), List.of(LOW, EXEMPT));
    assertThat(classify().traffic().dispatched()).isEqualTo(1);
  }

  @Test
  void dividesTheSeatsByShares() {
    schemas.update(List.of(), List.of(LOW, EXEMPT));
    assertThat(schemas.levels().get(1).seats(600, 245)).isEqualTo(new PriorityLevel.Seats(13, 6, 613));
    assertThat(schemas.levels().get(0).seats(600, 245)).isEqualTo(new PriorityLevel.Seats(0, 0, 600));
  }
}
