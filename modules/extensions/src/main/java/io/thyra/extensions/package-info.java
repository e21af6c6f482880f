/// CustomResourceDefinitions: their rules, and the serving of the resources that they define. Start reading at
/// [io.thyra.extensions.CustomResources], which follows the definitions, and [io.thyra.extensions.StructuralSchema], what a
/// version of a custom resource looks like.
@NullMarked
package io.thyra.extensions;

import org.jspecify.annotations.NullMarked;
