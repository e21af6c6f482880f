package io.thyra.machinery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.thyra.model.ApiException;
import io.thyra.model.Query;
import io.thyra.model.Status;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
  private static ListOptions list(String query) {
    return ListOptions.parse(Query.parse(query), FieldLabelConversion.METADATA, null);
  }

  private static Status failure(Runnable run) {
    return catchThrowableOfType(ApiException.class, run::run).status();
  }

  @ParameterizedTest
  @ValueSource(strings = {"watch=", "watch=no", "watch=2", "watch=true", "watch"})
  void takesAlmostEverythingForAWatch(String query) {
    assertThat(list(query).watch()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"watch=0", "watch=FALSE", ""})
  void listsWhenTheWatchIsFalse(String query) {
    assertThat(list(query).watch()).isFalse();
  }

  @Test
  void beginsAWatchFromAnywhereWithTheState() {
    ListOptions options = list("watch=1&resourceVersion=0");
    assertThat(options.sendInitialEvents()).contains(true);
    assertThat(options.resourceVersionMatch()).isEqualTo("NotOlderThan");
    assertThat(list("watch=1&resourceVersion=5").sendInitialEvents()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "limit=x|400|strconv.ParseInt: parsing \"x\": invalid syntax",
        "limit=99999999999999999999|400|strconv.ParseInt: parsing \"99999999999999999999\": value out of range",
        "timeoutSeconds=1.5&labelSelector=!!|400|strconv.ParseInt: parsing \"1.5\": invalid syntax",
        "fieldSelector=x%3D1|400|\"x\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"",
        "resourceVersionMatch=Bad|422|ListOptions.meta.k8s.io \"\" is invalid: [resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided, resourceVersionMatch: Unsupported value: \"Bad\": supported values: \"Exact\", \"NotOlderThan\", \"\"]",
        "sendInitialEvents=false|422|ListOptions.meta.k8s.io \"\" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list",
        "watch=1&continue=x|422|ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided"
      })
  void refusesBadListOptions(String query, int code, String message) {
    Status status = failure(() -> list(query));
    assertThat(status.code()).isEqualTo(code);
    assertThat(status.message()).isEqualTo(message);
  }

  @Test
  void reportsEveryBrokenRuleOfAPatch() {
    String query = "force=true&fieldManager=" + "m".repeat(129) + "&dryRun=no&fieldValidation=off";
    assertThat(failure(() -> WriteOptions.parsePatch(Query.parse(query), false)).message())
        .isEqualTo(
            "PatchOptions.meta.k8s.io \"\" is invalid: [force: Forbidden: may not be specified for non-apply patch, "
                + "fieldManager: Too long: may not be more than 128 bytes, dryRun: Unsupported value: [\"no\"]: "
                + "supported values: \"All\", fieldValidation: Unsupported value: \"off\": supported values: \"\", "
                + "\"Ignore\", \"Strict\", \"Warn\"]");
    assertThat(failure(() -> WriteOptions.parsePatch(Query.parse("fieldManager=a%0Ab"), false)).message())
        .isEqualTo(
            "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Invalid value: \"a\\nb\": "
                + "invalid character U+000A (at position 1)");
  }

  @Test
  void demandsAManagerOfAnApply() {
    assertThat(failure(() -> WriteOptions.parsePatch(Query.EMPTY, true)).message())
        .isEqualTo("PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch");
    assertThat(WriteOptions.parsePatch(Query.parse("fieldManager=a&force=perhaps"), true).isForced()).isTrue();
  }

  @Test
  void readsDeleteOptionsFromEitherPlace() {
    DeleteOptions query = DeleteOptions.parse(Query.parse("gracePeriodSeconds=0&resourceVersion=1&dryRun=All"));
    assertThat(query.gracePeriodSeconds()).isEqualTo(OptionalLong.of(0));
    assertThat(query.resourceVersion()).contains("1");
    assertThat(query.isDryRun()).isTrue();
    DeleteOptions body =
        DeleteOptions.fromBody(TestJson.object("{'preconditions': {'uid': 'u'}, 'propagationPolicy': 'Orphan'}"));
    assertThat(body.uid()).isEqualTo(Optional.of("u"));
    assertThat(body.propagationPolicy()).contains("Orphan");
  }

  @Test
  void refusesContradictoryDeletes() {
    assertThat(failure(() -> DeleteOptions.parse(Query.parse("propagationPolicy=Bad&orphanDependents=1"))).message())
        .isEqualTo(
            "DeleteOptions.meta.k8s.io \"\" is invalid: [propagationPolicy: Invalid value: \"Bad\": orphanDependents and "
                + "deletionPropagation cannot be both set, propagationPolicy: Unsupported value: \"Bad\": supported values: "
                + "\"Foreground\", \"Background\", \"Orphan\", \"nil\"]");
  }

  @Test
  void answersMalformedVersionsByRequest() {
    assertThat(failure(() -> ResourceVersions.ofList("x")).message())
        .isEqualTo(
            "invalid resource version: resourceVersion: Invalid value: \"x\": strconv.ParseUint: parsing \"x\": invalid syntax");
    Status get = failure(() -> ResourceVersions.ofGetOrWatch("-1"));
    assertThat(get.code()).isEqualTo(500);
    assertThat(get.message())
        .isEqualTo("resourceVersion: Invalid value: \"-1\": strconv.ParseUint: parsing \"-1\": invalid syntax");
    assertThat(ResourceVersions.compare("99", "100")).isNegative();
  }

  private static String token(String json) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  private static ContinueToken decode(String token) {
    return ContinueToken.parse(token, bytes -> TestJson.read(new String(bytes, StandardCharsets.UTF_8)));
  }

  @Test
  void carriesAPlaceThroughAToken() {
    ContinueToken next = ContinueToken.after(7, "ns/name");
    assertThat(new String(Base64.getUrlDecoder().decode(next.encode()), StandardCharsets.UTF_8))
        .isEqualTo("{\"v\":\"meta.k8s.io/v1\",\"rv\":7,\"start\":\"ns/name\\u0000\"}");
    assertThat(decode(token("{'v':'meta.k8s.io/v1','rv':7,'start':'a/b'}"))).isEqualTo(new ContinueToken(7, "a/b"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1]|json: cannot unmarshal array into Go value of type storage.continueToken",
        "{'v':'meta.k8s.io/v2'}|server does not recognize this encoded version meta.k8s.io/v2",
        "{}|'server does not recognize this encoded version '",
        "{'v':'meta.k8s.io/v1','start':'a'}|incorrect encoded start resourceVersion (version meta.k8s.io/v1)",
        "{'v':'meta.k8s.io/v1','rv':1}|encoded start key empty (version meta.k8s.io/v1)",
        "{'v':'meta.k8s.io/v1','rv':1,'start':'../../etc'}|../../etc",
        "{'v':'meta.k8s.io/v1','rv':'1','start':'a'}|json: cannot unmarshal string into Go struct field continueToken.rv of type int64"
      },
      quoteCharacter = '~')
  void refusesForgedTokens(String json, String complaint) {
    String text = complaint.startsWith("'") ? complaint.substring(1, complaint.length() - 1) : complaint;
    assertThat(failure(() -> decode(token(json))).message())
        .isEqualTo("invalid continue token: continue key is not valid: " + text);
  }

  @ParameterizedTest
  @CsvSource({"abcde,4", "%%%,0", "abc$,3", "abcd==,4"})
  void namesTheByteThatIsNoBase64(String token, int position) {
    assertThat(failure(() -> decode(token)).message())
        .isEqualTo("invalid continue token: continue key is not valid: illegal base64 data at input byte " + position);
  }
}
