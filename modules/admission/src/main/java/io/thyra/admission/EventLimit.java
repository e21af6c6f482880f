package io.thyra.admission;

/// How many events are taken: of all, or of each namespace, user, or source and object.
///
/// @param type `Server`, `Namespace`, `User` or `SourceAndObject`
/// @param perSecond events a second in the long run
/// @param burst events at once
/// @param cacheSize how many namespaces, users or objects are told apart; 0 for 4,096
public record EventLimit(String type, int perSecond, int burst, int cacheSize) {}
