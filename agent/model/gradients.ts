import * as tf from '#tf'

/**
 * A loss and its gradients by the weights' own names (tfjs names variables by number). Weights that the loss does
 * not depend on have none; weights left out of `weights` are frozen and cost nothing. The caller disposes both.
 */
export function gradients(
  weights: Readonly<Record<string, tf.Variable>>,
  loss: () => tf.Scalar,
): { loss: tf.Scalar; gradients: Record<string, tf.Tensor> } {
  const names = Object.keys(weights)
  const { value, grads } = tf.variableGrads(
    loss,
    names.map((name) => weights[name]),
  )
  const byName: Record<string, tf.Tensor> = {}
  for (const name of names) {
    const gradient = grads[weights[name].name]
    if (gradient) byName[name] = gradient
  }
  return { loss: value, gradients: byName }
}
