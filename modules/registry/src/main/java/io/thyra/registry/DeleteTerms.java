package io.thyra.registry;

import org.jspecify.annotations.Nullable;

/// How an object is to be deleted, as far as the client said: the fields of metav1.DeleteOptions, null where unset.
///
/// @param gracePeriodSeconds in seconds; negative ones count as 1
/// @param orphanDependents the deprecated form of `propagationPolicy`, which wins over it
/// @param propagationPolicy Orphan, Background or Foreground
public record DeleteTerms(
    Preconditions preconditions,
    @Nullable Long gracePeriodSeconds,
    @Nullable Boolean orphanDependents,
    @Nullable String propagationPolicy) {
  public static final DeleteTerms NONE = new DeleteTerms(Preconditions.NONE, null, null, null);

  public static DeleteTerms propagating(String policy) {
    return new DeleteTerms(Preconditions.NONE, null, null, policy);
  }

  DeleteTerms withPreconditions(Preconditions changed) {
    return new DeleteTerms(changed, gracePeriodSeconds, orphanDependents, propagationPolicy);
  }

  DeleteTerms withGracePeriod(@Nullable Long seconds) {
    return new DeleteTerms(preconditions, seconds, orphanDependents, propagationPolicy);
  }
}
