package io.thyra.machinery.apply;

import static io.thyra.machinery.apply.TestTypes.json;
import static io.thyra.machinery.apply.TestTypes.manager;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Status;
import io.thyra.model.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FieldManagerTest {
  private final FieldManager manager = manager();

  private static ObjectValue gear(String spec) {
    return json("{'kind':'Gear','apiVersion':'test.dev/v1','metadata':{'name':'g','namespace':'n','uid':'u'},'spec':{" + spec + "}}");
  }

  private static ObjectValue config(String spec) {
    return json("{'kind':'Gear','apiVersion':'test.dev/v1','metadata':{'name':'g'},'spec':{" + spec + "}}");
  }

  /// The stored object with another spec, as a client that read it sends it back.
  private static ObjectValue changed(ObjectValue live, String spec) {
    return live.with("spec", json("{" + spec + "}"));
  }

  private static List<String> entries(ObjectValue object) {
    return object.list("metadata", "managedFields").objects().stream()
        .map(
            entry ->
                entry.string("manager")
                    + " "
                    + entry.string("operation")
                    + (entry.string("subresource").isEmpty() ? "" : "/" + entry.string("subresource"))
                    + " "
                    + GoText.json(entry.object("fieldsV1")).replace("\"", "'"))
        .toList();
  }

  private static String time(ObjectValue object, int entry) {
    return object.list("metadata", "managedFields").object(entry).string("time");
  }

  private ObjectValue created(String spec) {
    return manager.create(gear(spec).with("metadata", json("{'name':'g','namespace':'n'}")), "creator").withAt(Value.of("u"), "metadata", "uid");
  }

  private Status failure(Runnable apply) {
    return catchThrowableOfType(ApiException.class, apply::run).status();
  }

  @Test
  void tracksACreation() {
    assertThat(GoText.json(created("'size':1,'ports':[{'port':80}]").list("metadata", "managedFields")))
        .isEqualTo(
            "[{\"manager\":\"creator\",\"operation\":\"Update\",\"apiVersion\":\"test.dev/v1\",\"time\":\"2024-01-01T00:00:01Z\","
                + "\"fieldsType\":\"FieldsV1\",\"fieldsV1\":{\"f:spec\":{\".\":{},\"f:ports\":{\".\":{},"
                + "\"k:{\\\"port\\\":80,\\\"protocol\\\":\\\"TCP\\\"}\":{\".\":{},\"f:port\":{}}},\"f:size\":{}}}}]");
  }

  @Test
  void movesChangedFieldsToTheUpdater() {
    ObjectValue live = created("'size':1,'mode':'a','on':true");

    ObjectValue updated = manager.update(live, changed(live, "'size':2,'mode':'a','amount':'1'"), "updater");

    assertThat(entries(updated))
        .containsExactly(
            "creator Update {'f:spec':{'.':{},'f:mode':{}}}", "updater Update {'f:spec':{'f:amount':{},'f:size':{}}}");
  }

  @Test
  void addsToTheEntryOfTheSameUpdater() {
    ObjectValue live = created("'size':1");

    ObjectValue updated = manager.update(live, changed(live, "'size':1,'mode':'a'"), "creator");

    assertThat(entries(updated)).containsExactly("creator Update {'f:spec':{'.':{},'f:mode':{},'f:size':{}}}");
    assertThat(time(updated, 0)).isEqualTo("2024-01-01T00:00:02Z");
  }

  @Test
  void leavesEverythingAsItIsWhenAnUpdateChangesNothing() {
    ObjectValue live = created("'size':1,'tags':['a']");
    ObjectValue same = changed(live, "'size':1,'tags':['a']");

    assertThat(manager.update(live, same, "updater")).isSameAs(same);
  }

  @Test
  void keepsStoredEntriesWhenAClientForgetsThem() {
    ObjectValue live = created("'size':1");

    assertThat(entries(manager.update(live, gear("'size':1"), "updater"))).isEqualTo(entries(live));
  }

  @Test
  void takesValidEntriesThatAClientSends() {
    ObjectValue live = created("'size':1,'mode':'a'");
    ObjectValue sent =
        live.withAt(
            ListValue.of(
                json("{'manager':'m','operation':'Apply','apiVersion':'test.dev/v1','fieldsType':'FieldsV1','fieldsV1':{'f:spec':{'f:size':{}}}}")),
            "metadata",
            "managedFields");

    assertThat(entries(manager.update(live, sent, "updater"))).containsExactly("m Apply {'f:spec':{'f:size':{}}}");
  }

  @Test
  void ignoresInvalidEntriesThatAClientSends() {
    ObjectValue live = created("'size':1");
    for (String entry :
        List.of(
            "{'manager':'m','operation':'Odd','apiVersion':'v1','fieldsType':'FieldsV1','fieldsV1':{}}",
            "{'manager':'m','operation':'Update','fieldsType':'FieldsV1','fieldsV1':{}}",
            "{'manager':'m','operation':'Update','apiVersion':'v1','fieldsV1':{}}",
            "{'manager':'m','operation':'Update','apiVersion':'v1','fieldsType':'FieldsV1','fieldsV1':{'odd':{}}}")) {
      ObjectValue sent = live.withAt(ListValue.of(json(entry)), "metadata", "managedFields");

      assertThat(entries(manager.update(live, sent, "updater"))).isEqualTo(entries(live));
    }
  }

  @Test
  void forgetsEntriesOnRequestUntilTheFirstApply() {
    ObjectValue live = created("'size':1");
    ObjectValue reset = manager.update(live, live.withAt(json("{'managedFields':[{}]}").list("managedFields"), "metadata", "managedFields"), "u");
    assertThat(reset.at("metadata", "managedFields")).isNull();

    ObjectValue untracked = manager.update(reset, changed(reset, "'size':2"), "u");
    assertThat(untracked.at("metadata", "managedFields")).isNull();

    ObjectValue applied = manager.apply(untracked, config("'mode':'a'"), "applier", false);
    assertThat(entries(applied))
        .containsExactly("applier Apply {'f:spec':{'f:mode':{}}}", "before-first-apply Update {'f:spec':{'.':{},'f:size':{}}}");
  }

  @Test
  void dropsEntriesWhenTheObjectDoesNotFitItsType() {
    ObjectValue live = created("'size':1");

    ObjectValue updated = manager.update(live, changed(live, "'sise':1"), "updater");

    assertThat(updated.at("metadata", "managedFields")).isNull();
    assertThat(updated.object("spec")).isEqualTo(json("{'sise':1}"));
  }

  @Test
  void keepsSubresourcesApart() {
    ObjectValue live = created("'size':1");
    FieldManager status =
        manager("status", Map.of("test.dev/v1", FieldFilter.exclude(FieldSet.ofNames("spec"))));

    ObjectValue updated = status.update(live, changed(live, "'size':9").with("status", json("{'ready':1}")), "creator");

    assertThat(entries(updated))
        .containsExactly("creator Update {'f:spec':{'.':{},'f:size':{}}}", "creator Update/status {'f:status':{'.':{},'f:ready':{}}}");
  }

  @Test
  void ignoresEntriesSentThroughASubresource() {
    ObjectValue live = created("'size':1");
    ObjectValue sent = live.withAt(ListValue.of(ObjectValue.EMPTY), "metadata", "managedFields");

    assertThat(entries(manager("status", Map.of()).update(live, sent, "u"))).isEqualTo(entries(live));
  }

  @Test
  void bringsOldUpdatersTogetherPastTen() {
    ObjectValue live = created("'parts':{'p0':'x'}");
    StringBuilder parts = new StringBuilder("'p0':'x'");
    for (int i = 1; i <= 11; i++) {
      parts.append(",'p").append(i).append("':'x'");
      live = manager.update(live, changed(live, "'parts':{" + parts + "}"), "m" + i);
    }

    assertThat(entries(live)).hasSize(10);
    assertThat(entries(live).getFirst())
        .isEqualTo("ancient-changes Update {'f:spec':{'.':{},'f:parts':{'.':{},'f:p0':{},'f:p1':{},'f:p2':{}}}}");
    assertThat(time(live, 0)).isEqualTo("2024-01-01T00:00:03Z");
  }

  @Test
  void comparesInTheVersionOfEachManager() {
    ObjectValue live = created("'size':1,'mode':'a'");
    ObjectValue other = live.withAt(
        live.list("metadata", "managedFields")
            .plus(json("{'manager':'w','operation':'Apply','apiVersion':'test.dev/v2','fieldsType':'FieldsV1','fieldsV1':{'f:spec':{'f:width':{},'f:mode':{}}}}"))
            .plus(json("{'manager':'gone','operation':'Apply','apiVersion':'test.dev/v9','fieldsType':'FieldsV1','fieldsV1':{'f:spec':{}}}")),
        "metadata",
        "managedFields");

    ObjectValue updated = manager.update(other, changed(other, "'size':2,'mode':'a'"), "updater");

    assertThat(entries(updated))
        .containsExactly(
            "w Apply {'f:spec':{'f:mode':{}}}", "creator Update {'f:spec':{'.':{},'f:mode':{}}}", "updater Update {'f:spec':{'f:size':{}}}");
  }

  @Test
  void createsByApplying() {
    ObjectValue empty = json("{'apiVersion':'test.dev/v1','kind':'Gear','metadata':{}}");

    ObjectValue applied = manager.apply(empty, config("'size':1,'tags':['a']"), "applier", false);

    assertThat(applied.object("spec")).isEqualTo(json("{'size':1,'tags':['a']}"));
    assertThat(GoText.json(applied.list("metadata", "managedFields")))
        .isEqualTo(
            "[{\"manager\":\"applier\",\"operation\":\"Apply\",\"apiVersion\":\"test.dev/v1\",\"time\":\"2024-01-01T00:00:01Z\","
                + "\"fieldsType\":\"FieldsV1\",\"fieldsV1\":{\"f:spec\":{\"f:size\":{},\"f:tags\":{\"v:\\\"a\\\"\":{}}}}}]");
  }

  @Test
  void returnsTheStoredObjectWhenAnApplyChangesNothing() {
    ObjectValue live = manager.apply(created("'size':1"), config("'mode':'a','ports':[{'port':80}]"), "applier", false);

    assertThat(manager.apply(live, config("'ports':[{'port':80}],'mode':'a'"), "applier", false)).isSameAs(live);
  }

  @Test
  void sharesAFieldByApplyingItsValue() {
    ObjectValue live = created("'size':1");

    ObjectValue applied = manager.apply(live, config("'size':1"), "applier", false);

    assertThat(entries(applied))
        .containsExactly("applier Apply {'f:spec':{'f:size':{}}}", "creator Update {'f:spec':{'.':{},'f:size':{}}}");
    assertThat(time(applied, 0)).describedAs("nothing was written by the applier").isEmpty();
  }

  @Test
  void deletesWhatItsOnlyOwnerNoLongerApplies() {
    ObjectValue live = manager.apply(created("'size':1,'parts':{'c':'1'}"), config("'mode':'a','parts':{'x':'1','c':'1'},'tags':['t'],'named':[{'name':'i','v':'1'}]"), "applier", false);

    ObjectValue applied = manager.apply(live, config("'parts':{}"), "applier", false);

    assertThat(applied.object("spec")).isEqualTo(json("{'size':1,'parts':{'c':'1'}}"));
  }

  @Test
  void takesAnItemAwayFromThoseWhoOnlyAddedToIt() {
    ObjectValue live = manager.apply(created("'size':1"), config("'named':[{'name':'i'},{'name':'j'}]"), "applier", false);
    live = manager.update(live, changed(live, "'size':1,'named':[{'name':'i','v':'set'},{'name':'j'}]"), "updater");

    ObjectValue applied = manager.apply(live, config("'named':[{'name':'j'}]"), "applier", false);

    assertThat(applied.object("spec")).isEqualTo(json("{'size':1,'named':[{'name':'j'}]}"));
    assertThat(entries(applied)).noneMatch(entry -> entry.startsWith("updater"));
  }

  @Test
  void keepsAnItemThatOthersOwn() {
    ObjectValue live = manager.apply(created("'size':1"), config("'named':[{'name':'i','v':'1'}]"), "applier", false);
    live = manager.apply(live, config("'named':[{'name':'i'}]"), "other", false);

    ObjectValue applied = manager.apply(live, config("'size':1"), "applier", false);

    assertThat(applied.object("spec")).isEqualTo(json("{'size':1,'named':[{'name':'i'}]}"));
  }

  @Test
  void reportsAConflict() {
    ObjectValue live = created("'size':1");

    Status status = failure(() -> manager.apply(live, config("'size':2"), "applier", false));

    assertThat(status.code()).isEqualTo(409);
    assertThat(status.message()).isEqualTo("Apply failed with 1 conflict: conflict with \"creator\" using test.dev/v1: .spec.size");
    assertThat(status.details()).isNotNull();
    assertThat(status.details().causes())
        .containsExactly(new Status.Cause("FieldManagerConflict", "conflict with \"creator\" using test.dev/v1", ".spec.size"));
  }

  @Test
  void groupsConflictsByManager() {
    ObjectValue live = manager.apply(created("'size':1,'mode':'a'"), config("'args':['x'],'parts':{'k':'v'},'ports':[{'port':80,'name':'a'}]"), "one", false);

    Status status =
        failure(
            () ->
                manager.apply(
                    live, config("'size':2,'mode':'b','args':[],'parts':{'k':'w'},'ports':[{'port':80,'name':'b'}]"), "two", false));

    assertThat(status.message())
        .isEqualTo(
            """
            Apply failed with 5 conflicts: conflicts with "creator" using test.dev/v1:
            - .spec.mode
            - .spec.size
            conflicts with "one":
            - .spec.args
            - .spec.parts.k
            - .spec.ports[port=80,protocol="TCP"].name""");
  }

  @Test
  void namesTheSubresourceOfAConflict() {
    ObjectValue live = manager("status", Map.of()).update(created("'size':1"), created("'size':2"), "s");

    assertThat(failure(() -> manager.apply(live, config("'size':3"), "applier", false)).message())
        .isEqualTo("Apply failed with 1 conflict: conflict with \"s\" with subresource \"status\" using test.dev/v1: .spec.size");
  }

  @Test
  void takesFieldsByForce() {
    ObjectValue live = created("'size':1,'mode':'a'");

    ObjectValue applied = manager.apply(live, config("'size':2"), "applier", true);

    assertThat(applied.object("spec")).isEqualTo(json("{'size':2,'mode':'a'}"));
    assertThat(entries(applied))
        .containsExactly("applier Apply {'f:spec':{'f:size':{}}}", "creator Update {'f:spec':{'.':{},'f:mode':{}}}");
  }

  @Test
  void givesUpOwnershipWithoutTrace() {
    ObjectValue live = manager.apply(created("'size':1"), config("'size':1"), "applier", false);

    assertThat(entries(manager.apply(live, config(""), "applier", false)))
        .containsExactly("applier Apply {'f:spec':{}}", "creator Update {'f:spec':{'.':{},'f:size':{}}}");
  }

  @Test
  void rejectsConfigurationsThatDoNotFit() {
    ObjectValue live = created("'size':1");

    Status typed = failure(() -> manager.apply(live, config("'sise':1"), "applier", false));
    assertThat(typed.code()).isEqualTo(500);
    assertThat(typed.message())
        .isEqualTo("failed to create typed patch object (/g; test.dev/v1, Kind=Gear): .spec.sise: field not declared in schema");
    assertThat(failure(() -> manager.apply(live, json("{'apiVersion':'v1'}"), "applier", false)))
        .isEqualTo(Status.of(new Failure.BadRequest("invalid object type: /v1, Kind=")));
    assertThat(
            failure(
                () ->
                    manager.apply(
                        live, config("").withAt(ListValue.EMPTY, "metadata", "managedFields"), "applier", false)))
        .isEqualTo(Status.of(new Failure.BadRequest("metadata.managedFields must be nil")));
  }

  @Test
  void takesOverFromClientSideApply() {
    String last = "{\"apiVersion\":\"test.dev/v1\",\"kind\":\"Gear\",\"metadata\":{\"name\":\"g\"},\"spec\":{\"size\":1,\"mode\":\"a\"}}\n";
    ObjectValue object = gear("'size':1,'mode':'a','on':true").with("metadata", json("{'name':'g'}").with("annotations", ObjectValue.of(LastApplied.ANNOTATION, Value.of(last))));
    ObjectValue live = manager.create(object, "kubectl-client-side-apply").withAt(Value.of("u"), "metadata", "uid");

    ObjectValue applied = manager.apply(live, config("'size':2"), "kubectl", false);

    assertThat(applied.object("metadata", "annotations").string(LastApplied.ANNOTATION))
        .isEqualTo("{\"apiVersion\":\"test.dev/v1\",\"kind\":\"Gear\",\"metadata\":{\"name\":\"g\"},\"spec\":{\"size\":2}}\n");
    assertThat(failure(() -> manager.apply(live, config("'size':2,'on':false"), "kubectl", false)).message())
        .isEqualTo("Apply failed with 1 conflict: conflict with \"kubectl-client-side-apply\" using test.dev/v1: .spec.on");
    assertThat(failure(() -> manager.apply(live, config("'size':2"), "other", false)).code()).isEqualTo(409);
  }

  @Test
  void setsTimesBackWhenNothingElseChanged() {
    ObjectValue live = created("'size':1");
    ObjectValue later = live.withAt(ListValue.of(live.list("metadata", "managedFields").object(0).with("time", "2030-01-01T00:00:00Z")), "metadata", "managedFields");

    assertThat(ManagedFields.keepTimes(live, later)).isEqualTo(live);
    assertThat(ManagedFields.keepTimes(live, changed(later, "'size':2"))).isEqualTo(changed(later, "'size':2"));
  }

  @Test
  void tellsWhatIsWrongWithEntries() {
    assertThat(ManagedFields.findProblem(ListValue.of(json("{'operation':'Update','apiVersion':'v1','fieldsType':'x'}"))))
        .contains("invalid fieldsType \"x\" in managed fields entry 0");
    assertThat(ManagedFields.findProblem(created("'size':1").list("metadata", "managedFields"))).isEmpty();
    assertThat(ManagedFields.versions(created("'size':1"))).containsExactly("test.dev/v1");
  }

  @Test
  void sortsNamesForCustomResources() {
    var sorted =
        new FieldManager(
            new FieldManager.Scope(
                new io.thyra.model.GroupVersionKind("test.dev", "v1", "Gear"), "", EmptyObject.ofCustom("test.dev/v1", "Gear"), Map.of(), true),
            VersionConverter.single("test.dev/v1", TestTypes.GEAR),
            () -> TestTypes.START);

    ObjectValue created = sorted.create(config("'size':1").withAt(json("{'a':'b'}"), "metadata", "labels"), "m");

    assertThat(created.object("metadata").names()).containsExactly("labels", "managedFields", "name");
    assertThat(created.list("metadata", "managedFields").object(0).names())
        .containsExactly("apiVersion", "fieldsType", "fieldsV1", "manager", "operation", "time");
  }
}
