package io.thyra.machinery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.thyra.model.ApiException;
import io.thyra.model.GoText;
import io.thyra.model.Status;
import io.thyra.schema.FieldSchema;
import io.thyra.schema.ListOf;
import io.thyra.schema.MapOf;
import io.thyra.schema.Scalar;
import io.thyra.schema.Shape;
import io.thyra.schema.Struct;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;

class StrategicMergePatchTest {
  private static FieldSchema field(String name, Shape shape, @Nullable String mergeKey, String strategy) {
    return new FieldSchema(
        name, name, 0, shape, false, false, true, false, mergeKey, strategy, null, List.of(), "");
  }

  private static Struct struct(String goName, FieldSchema... fields) {
    return new Struct(goName, goName, "", false, false).define(List.of(fields));
  }

  private static final Struct CONTAINER =
      struct(
          "Container",
          field("name", Scalar.STRING, null, ""),
          field("image", Scalar.STRING, null, ""),
          field("command", ListOf.atomic(Scalar.STRING), null, ""),
          field("ports", Scalar.INT32, null, ""));
  private static final Struct STRATEGY =
      struct("Strategy", field("type", Scalar.STRING, null, ""), field("rolling", new MapOf(Scalar.STRING, false), null, ""));
  private static final Struct SPEC =
      struct(
          "PodSpec",
          field("containers", ListOf.atomic(CONTAINER), "name", "merge"),
          field("finalizers", ListOf.atomic(Scalar.STRING), null, "merge"),
          field("args", ListOf.atomic(Scalar.STRING), null, ""),
          field("labels", new MapOf(Scalar.STRING, false), null, ""),
          field("strategy", STRATEGY, null, "retainKeys"),
          field("replicas", Scalar.INT32, null, ""));
  private static final Struct KIND = struct("Kind", field("spec", SPEC, null, ""));

  private static final String CURRENT =
      "{'spec':{'containers':[{'name':'a','image':'1'},{'name':'b','image':'1'},{'name':'c','image':'1'}],"
          + "'finalizers':['x','y'],'args':['1'],'labels':{'k':'v'},'strategy':{'type':'R','rolling':{'m':'1'}}}}";

  private static String patch(String patch) {
    var result = StrategicMergePatch.apply(TestJson.object(CURRENT), TestJson.read("{'spec':" + patch + "}"), KIND);
    return GoText.json(result.patched().object("spec")).replace('"', '\'');
  }
}
