/// Fuzz targets for every parser: one class per parser, in the package of what it feeds, with
/// `fuzzerTestOneInput(byte[])`. [io.thyra.fuzz.FuzzTest] replays the corpus and fuzzes for a moment,
/// [io.thyra.fuzz.Fuzzing] for as long as one likes.
@NullMarked
package io.thyra.fuzz;

import org.jspecify.annotations.NullMarked;
