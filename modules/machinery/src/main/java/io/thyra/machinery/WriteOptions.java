package io.thyra.machinery;

import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// The options of a create, an update or a patch.
/// Source: apimachinery pkg/apis/meta/v1/validation/validation.go.
///
/// @param dryRun `All` or nothing
/// @param fieldManager empty for none
/// @param fieldValidation `Ignore`, `Warn`, `Strict`, or empty for the default
/// @param force empty when not sent; only apply may send it
public record WriteOptions(
    List<String> dryRun, String fieldManager, String fieldValidation, Optional<Boolean> force) {
  public static final WriteOptions NONE = new WriteOptions(List.of(), "", "", Optional.empty());

  public WriteOptions {
    dryRun = List.copyOf(dryRun);
    Objects.requireNonNull(fieldManager);
    Objects.requireNonNull(fieldValidation);
    Objects.requireNonNull(force);
  }

  /// @throws io.thyra.model.ApiException 422 when they break a rule
  public static WriteOptions parseCreate(Query query) {
    WriteOptions options = decode(query, Optional.empty());
    OptionRules.requireValid("CreateOptions", options.commonErrors());
    return options;
  }

  /// @throws io.thyra.model.ApiException 422 when they break a rule
  public static WriteOptions parseUpdate(Query query) {
    WriteOptions options = decode(query, Optional.empty());
    OptionRules.requireValid("UpdateOptions", options.commonErrors());
    return options;
  }

  /// @param apply whether the patch is an apply, which needs a manager and may force
  /// @throws io.thyra.model.ApiException 422 when they break a rule
  public static WriteOptions parsePatch(Query query, boolean apply) {
    WriteOptions options = decode(query, OptionRules.optionalBool(query, "force"));
    var errors = new ArrayList<FieldError>();
    if (apply && options.fieldManager.isEmpty()) {
      errors.add(FieldError.required(FieldPath.of("fieldManager"), "is required for apply patch"));
    }
    if (!apply && options.force.isPresent()) {
      errors.add(FieldError.forbidden(FieldPath.of("force"), "may not be specified for non-apply patch"));
    }
    errors.addAll(options.commonErrors());
    OptionRules.requireValid("PatchOptions", errors);
    return options;
  }

  private static WriteOptions decode(Query query, Optional<Boolean> force) {
    return new WriteOptions(
        query.all("dryRun"), query.first("fieldManager"), query.first("fieldValidation"), force);
  }

  private List<FieldError> commonErrors() {
    var errors = new ArrayList<FieldError>();
    errors.addAll(OptionRules.fieldManager(fieldManager, FieldPath.of("fieldManager")));
    errors.addAll(OptionRules.dryRun(dryRun));
    errors.addAll(OptionRules.fieldValidation(fieldValidation));
    return errors;
  }

  /// Whether nothing is to be stored.
  public boolean isDryRun() {
    return !dryRun.isEmpty();
  }

  /// Whether an apply takes fields from others.
  public boolean isForced() {
    return force.orElse(false);
  }

  /// Whether unknown and duplicate fields are looked for at all.
  public boolean reportsFields() {
    return !fieldValidation.equals("Ignore");
  }

  /// Whether unknown and duplicate fields fail the request rather than warn.
  public boolean isStrict() {
    return fieldValidation.equals("Strict");
  }
}
