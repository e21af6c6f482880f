/// Pure functions over objects and requests: selectors, names and metadata rules, patches, query options, versions,
/// schedules and diffs, each with upstream's texts. Nothing here blocks, remembers or reads a clock.
/// Start reading at [io.thyra.machinery.LabelSelector], [io.thyra.machinery.ObjectMetaValidation] and
/// [io.thyra.machinery.StrategicMergePatch].
@NullMarked
package io.thyra.machinery;

import org.jspecify.annotations.NullMarked;
