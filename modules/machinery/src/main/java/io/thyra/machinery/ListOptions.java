package io.thyra.machinery;

import io.thyra.model.Failure;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The options of a list, a watch or a collection delete.
/// Source: apiserver pkg/endpoints/handlers/get.go (listOpts) and apimachinery pkg/apis/meta/internalversion.
///
/// @param resourceVersion as sent; see [ResourceVersions] for its meaning
/// @param resourceVersionMatch `Exact`, `NotOlderThan` or empty
/// @param limit 0 or less for no limit
/// @param sendInitialEvents empty when neither asked for nor implied
public record ListOptions(
    LabelSelector labelSelector,
    FieldSelector fieldSelector,
    boolean watch,
    boolean allowWatchBookmarks,
    String resourceVersion,
    String resourceVersionMatch,
    OptionalLong timeoutSeconds,
    long limit,
    String continueToken,
    Optional<Boolean> sendInitialEvents,
    String shardSelector) {
  public static final String EXACT = "Exact";
  public static final String NOT_OLDER_THAN = "NotOlderThan";

  private static final FieldPath MATCH = FieldPath.of("resourceVersionMatch");
  private static final FieldPath INITIAL = FieldPath.of("sendInitialEvents");

  public ListOptions {
    Objects.requireNonNull(labelSelector);
    Objects.requireNonNull(fieldSelector);
    Objects.requireNonNull(resourceVersion);
    Objects.requireNonNull(resourceVersionMatch);
    Objects.requireNonNull(continueToken);
  }

  /// The checked options of a query, with the fields named as inside.
  ///
  /// @param name the name in the path of a watch of one object, null for none
  /// @throws io.thyra.model.ApiException 400 for texts that do not parse, 422 for forbidden combinations
  public static ListOptions parse(Query query, FieldLabelConversion conversion, @Nullable String name) {
    ListOptions decoded = OptionRules.badRequest(() -> decode(query)).withDefaults();
    OptionRules.requireValid("ListOptions", decoded.watch ? decoded.watchErrors() : decoded.listErrors());
    FieldSelector converted = OptionRules.badRequest(() -> decoded.fieldSelector.convert(conversion));
    return decoded.withFieldSelector(name == null ? converted : ofName(converted, name));
  }

  private static ListOptions decode(Query query) {
    // Numbers are converted before the selectors are parsed.
    OptionalLong timeoutSeconds = OptionRules.optionalLong(query, "timeoutSeconds");
    long limit = OptionRules.optionalLong(query, "limit").orElse(0);
    return new ListOptions(
        LabelSelector.parse(query.first("labelSelector")),
        FieldSelector.parse(query.first("fieldSelector")),
        OptionRules.bool(query, "watch"),
        OptionRules.bool(query, "allowWatchBookmarks"),
        query.first("resourceVersion"),
        query.first("resourceVersionMatch"),
        timeoutSeconds,
        limit,
        query.first("continue"),
        OptionRules.optionalBool(query, "sendInitialEvents"),
        query.first("shardSelector"));
  }

  // A watch from anywhere has always begun with the present state.
  private ListOptions withDefaults() {
    boolean anywhere = resourceVersion.isEmpty() || resourceVersion.equals("0");
    if (!watch || sendInitialEvents.isPresent() || !resourceVersionMatch.isEmpty() || !anywhere) {
      return this;
    }
    return new ListOptions(
        labelSelector,
        fieldSelector,
        true,
        allowWatchBookmarks,
        resourceVersion,
        NOT_OLDER_THAN,
        timeoutSeconds,
        limit,
        continueToken,
        Optional.of(true),
        shardSelector);
  }

  private ListOptions withFieldSelector(FieldSelector selector) {
    return new ListOptions(
        labelSelector,
        selector,
        watch,
        allowWatchBookmarks,
        resourceVersion,
        resourceVersionMatch,
        timeoutSeconds,
        limit,
        continueToken,
        sendInitialEvents,
        shardSelector);
  }

  private static FieldSelector ofName(FieldSelector selector, String name) {
    if (selector.isEmpty()) {
      return FieldSelector.ofEqual("metadata.name", name);
    }
    if (!selector.exactValue("metadata.name").equals(Optional.of(name))) {
      throw new Failure.BadRequest("fieldSelector metadata.name doesn't match requested name").toException();
    }
    return selector;
  }

  private List<FieldError> listErrors() {
    var errors = new ArrayList<FieldError>();
    if (!resourceVersionMatch.isEmpty()) {
      if (resourceVersion.isEmpty()) {
        errors.add(
            FieldError.forbidden(MATCH, "resourceVersionMatch is forbidden unless resourceVersion is provided"));
      }
      addForbiddenWithContinue(errors);
      if (!resourceVersionMatch.equals(EXACT) && !resourceVersionMatch.equals(NOT_OLDER_THAN)) {
        errors.add(FieldError.notSupported(MATCH, resourceVersionMatch, List.of(EXACT, NOT_OLDER_THAN, "")));
      }
      if (resourceVersionMatch.equals(EXACT) && resourceVersion.equals("0")) {
        errors.add(
            FieldError.forbidden(
                MATCH, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""));
      }
    }
    if (sendInitialEvents.isPresent()) {
      errors.add(FieldError.forbidden(INITIAL, "sendInitialEvents is forbidden for list"));
    }
    return errors;
  }

  private List<FieldError> watchErrors() {
    var errors = new ArrayList<FieldError>();
    if (sendInitialEvents.isPresent() && !resourceVersionMatch.equals(NOT_OLDER_THAN)) {
      errors.add(
          FieldError.forbidden(MATCH, "sendInitialEvents requires setting resourceVersionMatch to " + NOT_OLDER_THAN));
    }
    if (!resourceVersionMatch.isEmpty()) {
      if (sendInitialEvents.isEmpty()) {
        errors.add(
            FieldError.forbidden(
                MATCH, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
      }
      if (!resourceVersionMatch.equals(NOT_OLDER_THAN)) {
        errors.add(FieldError.notSupported(MATCH, resourceVersionMatch, List.of(NOT_OLDER_THAN)));
      }
      addForbiddenWithContinue(errors);
    }
    return errors;
  }

  private void addForbiddenWithContinue(List<FieldError> errors) {
    if (!continueToken.isEmpty()) {
      errors.add(FieldError.forbidden(MATCH, "resourceVersionMatch is forbidden when continue is provided"));
    }
  }
}
