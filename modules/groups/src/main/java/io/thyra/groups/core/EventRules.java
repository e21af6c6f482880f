package io.thyra.groups.core;

import io.thyra.groups.Group;
import io.thyra.groups.MetadataRules;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.RequestContext;
import io.thyra.registry.ResourceDefinition.Deletion;
import io.thyra.registry.ResourceStrategy;
import io.thyra.schema.Struct;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Events. Through the core group old and new ones are taken as they are; through `events.k8s.io` a new event must be
/// complete and may not use the deprecated fields. Source: pkg/apis/core/validation/events.go.
public final class EventRules implements ResourceStrategy {
  private static final FieldPath METADATA = FieldPath.of("metadata");
  private static final int INSTANCE_MAX = 128;
  private static final int ACTION_MAX = 128;
  private static final int REASON_MAX = 128;
  private static final int NOTE_MAX = 1024;

  private final Struct type;

  private EventRules(Struct type) {
    this.type = type;
  }

  public static void declare(Group.Declaration r) {
    r.strategy(new EventRules(r.struct())).deletion(Deletion.NEVER_COLLECTED);
  }

  @Override
  public boolean allowCreateOnUpdate() {
    return true;
  }

  @Override
  public void validateCreate(RequestContext context, ObjectValue event, List<FieldError> errors) {
    boolean strict = isStrict(context);
    legacy(event, strict, errors);
    if (!strict) {
      return;
    }
    MetadataRules.check(event.object("metadata"), true, Names.DNS_SUBDOMAIN, METADATA, errors);
    series(event, errors);
    if (isUnset(event, "eventTime")) {
      errors.add(FieldError.required(FieldPath.of("eventTime"), ""));
    }
    String type = event.string("type");
    if (!type.equals("Normal") && !type.equals("Warning")) {
      errors.add(FieldError.invalid(FieldPath.of("type"), "", "has invalid value: " + type));
    }
    for (String field : List.of("firstTimestamp", "lastTimestamp")) {
      if (!isUnset(event, field)) {
        errors.add(unset(field));
      }
    }
    if (event.integer(0, "count") != 0) {
      errors.add(unset("count"));
    }
    if (!event.string("source", "component").isEmpty() || !event.string("source", "host").isEmpty()) {
      errors.add(unset("source"));
    }
  }

  @Override
  public void validateUpdate(RequestContext context, ObjectValue event, ObjectValue old, List<FieldError> errors) {
    boolean strict = isStrict(context);
    legacy(event, strict, errors);
    if (!strict) {
      return;
    }
    MetadataRules.checkUpdate(event.object("metadata"), old.object("metadata"), METADATA, errors);
    if (!Objects.equals(event.get("series"), old.get("series"))) {
      series(event, errors);
    }
    for (String field :
        List.of("involvedObject", "reason", "message", "source", "firstTimestamp", "lastTimestamp", "count", "reason", "type")) {
      io.thyra.groups.Checks.immutable(type, event, old, field, FieldPath.of(field), errors);
    }
    for (String field : List.of("eventTime", "action", "related")) {
      io.thyra.groups.Checks.immutable(type, event, old, field, FieldPath.of(field), errors);
    }
    io.thyra.groups.Checks.immutable(type, event, old, "reportingComponent", FieldPath.of("reportingController"), errors);
    io.thyra.groups.Checks.immutable(type, event, old, null, errors, "reportingInstance");
  }

  private static boolean isStrict(RequestContext context) {
    return context.info().group().equals("events.k8s.io");
  }

  private static FieldError unset(String field) {
    return FieldError.invalid(FieldPath.of(field), "", "needs to be unset");
  }

  private static boolean isUnset(ObjectValue event, String field) {
    @Nullable Value value = event.get(field);
    return value == null || value == NullValue.NULL;
  }

  private static void series(ObjectValue event, List<FieldError> errors) {
    if (event.get("series") instanceof ObjectValue series) {
      if (series.integer(0, "count") < 2) {
        errors.add(FieldError.invalid(FieldPath.of("series.count"), "", "should be at least 2"));
      }
      if (isUnset(series, "lastObservedTime")) {
        errors.add(FieldError.required(FieldPath.of("series.lastObservedTime"), ""));
      }
    }
  }

  private static void legacy(ObjectValue event, boolean strict, List<FieldError> errors) {
    String namespace = event.string("metadata", "namespace");
    String involved = event.string("involvedObject", "namespace");
    FieldError mismatch =
        FieldError.invalid(FieldPath.of("involvedObject", "namespace"), involved, "does not match event.namespace");
    if (isUnset(event, "eventTime")) {
      boolean matches = involved.isEmpty() ? List.of("", "default").contains(namespace) : namespace.equals(involved);
      if (!matches) {
        errors.add(mismatch);
      }
    } else {
      if (involved.isEmpty() && !namespace.equals("default") && !namespace.equals("kube-system")) {
        errors.add(mismatch);
      }
      reporter(event, FieldPath.of(strict ? "reportingController" : "reportingComponent"), errors);
      texts(event, errors);
    }
    Names.dns1123Subdomain(namespace)
        .forEach(complaint -> errors.add(FieldError.invalid(FieldPath.of("namespace"), namespace, complaint)));
  }

  private static void reporter(ObjectValue event, FieldPath path, List<FieldError> errors) {
    String controller = event.string("reportingComponent");
    if (controller.isEmpty()) {
      errors.add(FieldError.required(path, ""));
    }
    Names.qualifiedName(controller).forEach(complaint -> errors.add(FieldError.invalid(path, controller, complaint)));
    String instance = event.string("reportingInstance");
    if (instance.isEmpty()) {
      errors.add(FieldError.required(FieldPath.of("reportingInstance"), ""));
    }
    bounded("reportingInstance", instance, INSTANCE_MAX, errors);
  }

  private static void texts(ObjectValue event, List<FieldError> errors) {
    String action = event.string("action");
    if (action.isEmpty()) {
      errors.add(FieldError.required(FieldPath.of("action"), ""));
    }
    bounded("action", action, ACTION_MAX, errors);
    String reason = event.string("reason");
    if (reason.isEmpty()) {
      errors.add(FieldError.required(FieldPath.of("reason"), ""));
    }
    bounded("reason", reason, REASON_MAX, errors);
    bounded("message", event.string("message"), NOTE_MAX, errors);
  }

  private static void bounded(String field, String text, int max, List<FieldError> errors) {
    if (text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > max) {
      errors.add(FieldError.invalid(FieldPath.of(field), "", "can have at most " + max + " characters"));
    }
  }
}
