/// The built-in resources: one sub-package per API group says what each of its kinds is called, how it is defaulted,
/// validated, shown and changed. This package holds the words they are said in. Start reading at
/// [io.thyra.groups.BuiltinGroups], then [io.thyra.groups.Group] and [io.thyra.groups.KindStrategy].
@NullMarked
package io.thyra.groups;

import org.jspecify.annotations.NullMarked;
