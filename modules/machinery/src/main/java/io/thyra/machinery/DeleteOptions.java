package io.thyra.machinery;

import io.thyra.model.BooleanValue;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Query;
import io.thyra.model.StringValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/// The options of a delete. A body, when there is one, replaces the query as a whole.
/// Source: apimachinery pkg/apis/meta/v1/conversion.go and validation/validation.go.
///
/// @param uid the precondition on the uid; empty optional for none
/// @param resourceVersion the precondition on the resourceVersion
public record DeleteOptions(
    OptionalLong gracePeriodSeconds,
    Optional<String> uid,
    Optional<String> resourceVersion,
    Optional<Boolean> orphanDependents,
    Optional<String> propagationPolicy,
    List<String> dryRun) {
  public static final DeleteOptions NONE =
      new DeleteOptions(
          OptionalLong.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());
  public static final String FOREGROUND = "Foreground";
  public static final String BACKGROUND = "Background";
  public static final String ORPHAN = "Orphan";

  public DeleteOptions {
    Objects.requireNonNull(gracePeriodSeconds);
    dryRun = List.copyOf(dryRun);
  }

  /// The checked options of a query.
  ///
  /// @throws io.thyra.model.ApiException 400 for numbers that do not parse, 422 for broken rules
  public static DeleteOptions parse(Query query) {
    DeleteOptions options =
        OptionRules.badRequest(
            () ->
                new DeleteOptions(
                    OptionRules.optionalLong(query, "gracePeriodSeconds"),
                    present(query.first("uid")),
                    present(query.first("resourceVersion")),
                    OptionRules.optionalBool(query, "orphanDependents"),
                    query.has("propagationPolicy")
                        ? Optional.of(query.first("propagationPolicy"))
                        : Optional.empty(),
                    query.all("dryRun")));
    return options.requireValid();
  }

  private static Optional<String> present(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  /// The checked options of a body that was decoded as DeleteOptions.
  ///
  /// @throws io.thyra.model.ApiException 422 for broken rules
  public static DeleteOptions fromBody(ObjectValue body) {
    ObjectValue preconditions = body.object("preconditions");
    return new DeleteOptions(
            body.get("gracePeriodSeconds") instanceof IntegerValue(long seconds)
                ? OptionalLong.of(seconds)
                : OptionalLong.empty(),
            text(preconditions, "uid"),
            text(preconditions, "resourceVersion"),
            body.get("orphanDependents") instanceof BooleanValue orphan
                ? Optional.of(orphan.value())
                : Optional.empty(),
            text(body, "propagationPolicy"),
            body.get("dryRun") instanceof ListValue values ? values.strings() : List.of())
        .requireValid();
  }

  private static Optional<String> text(ObjectValue object, String name) {
    return object.get(name) instanceof StringValue(String text) ? Optional.of(text) : Optional.empty();
  }

  private DeleteOptions requireValid() {
    var errors = new ArrayList<FieldError>();
    propagationPolicy.ifPresent(
        policy -> {
          String printed = GoText.json(new StringValue(policy));
          if (orphanDependents.isPresent()) {
            errors.add(
                FieldError.invalidPrinted(
                    FieldPath.of("propagationPolicy"),
                    printed,
                    "orphanDependents and deletionPropagation cannot be both set"));
          }
          if (!List.of(FOREGROUND, BACKGROUND, ORPHAN).contains(policy)) {
            errors.add(
                OptionRules.notSupported(
                    "propagationPolicy", printed, List.of(FOREGROUND, BACKGROUND, ORPHAN, "nil")));
          }
        });
    errors.addAll(OptionRules.dryRun(dryRun));
    OptionRules.requireValid("DeleteOptions", errors);
    return this;
  }

  public boolean isDryRun() {
    return !dryRun.isEmpty();
  }
}
