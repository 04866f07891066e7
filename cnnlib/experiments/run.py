"""A training run with a cursor: forward one update at a time, and back through its record.

No widgets here.  :class:`Run` trains a network, keeps a :class:`History`, and shows the network as it was
at the cursor; the panel in :mod:`cnnlib.widgets` draws it and reacts to clicks.
"""

import copy
from collections.abc import Callable

import numpy as np

from ..data import Digits, one_hot
from ..network import Network, Trace, toolbox_net, wrong_answers
from ..training import SGD, LossNotFiniteError, Step, train
from ..validation import whole_number

MOST_BYTES = 64_000_000  # of keyframes


class History:
    """The record of a run: a loss per update, some test errors, and the weights at keyframes.

    At most ``most`` keyframes are kept, and at most MOST_BYTES of them: when there are more, every second one is
    dropped, and from then on weights are kept half as often.  Deltas are not stored; a trace computes them again.
    """

    def __init__(self, network: Network, *, most: int = 500):
        self.losses, self.smoothed = [], []
        self.norms = []  # an entry an update: ‖∂L/∂K‖ or ‖∂L/∂W‖ of each layer that has one, in their order
        self.errors = []  # pairs (update, share of test images that are wrong)
        size = sum(np.asarray(value).nbytes for layer in network.layers for value in layer.params.values())
        self.most, self.every = max(2, min(most, MOST_BYTES // max(size, 1))), 1
        self.keyframes = {}
        self._keep(0, network)

    def record(self, step: Step, network: Network) -> None:
        """Add one :class:`cnnlib.training.Step`, and the weights after it if this step is a keyframe."""
        self.losses.append(step.loss)
        self.smoothed.append(step.smoothed_loss)
        with np.errstate(over="ignore"):  # the next loss reports it
            self.norms.append([float(np.linalg.norm(gradient)) for gradient in weight_gradients(network)])
        if step.step % self.every == 0:
            self._keep(step.step, network)

    def before(self, step: int) -> int:
        """The last update at or before ``step`` whose weights were kept."""
        return max(kept for kept in self.keyframes if kept <= step)

    def after(self, step: int, head: int) -> int:
        """The first update after ``step`` whose weights were kept, or the newest."""
        return min((kept for kept in self.keyframes if kept > step), default=head)

    def _keep(self, step, network):
        self.keyframes[step] = [
            {name: np.array(value) for name, value in layer.params.items()} for layer in network.layers
        ]
        if len(self.keyframes) > self.most:
            self.every *= 2
            self.keyframes = {kept: w for kept, w in self.keyframes.items() if kept % self.every == 0}


def weight_gradients(network: Network) -> list[np.ndarray]:
    """∂L/∂K or ∂L/∂W of each layer that has one, as the last backward pass left them."""
    return [layer.grads[name] for layer in network.layers for name in ("K", "W") if name in layer.grads]


class Run:
    """One network learning digits, with a cursor in time.

    ``head`` is the number of updates done, ``cursor`` the update whose state is shown, ``total`` the last one.
    The test error is measured on all test images every ``test_every`` updates, a slice of 250 images
    with each following update, so that no single update takes long.
    """

    def __init__(
        self,
        digits: Digits,
        *,
        build: Callable[..., Network] = toolbox_net,
        seed: int = 0,
        epochs: int = 6,
        batch_size: int = 50,
        learning_rate: float | Callable[[int], float] = 1.0,
        momentum: float = 0.0,
        test_every: int = 100,
    ):
        self.digits, self.build = digits, build
        self.targets = one_hot(digits.train_labels)
        self.momentum = momentum
        epochs, batch_size, self.test_every = (
            whole_number(value, f"Run: {name}", at_least=1)
            for name, value in (("epochs", epochs), ("batch_size", batch_size), ("test_every", test_every))
        )
        self.settings = dict(epochs=epochs, batch_size=batch_size, learning_rate=learning_rate)
        self.total = epochs * -(-len(digits.train_images) // batch_size)
        self.restart(seed)

    def restart(self, seed: int) -> None:
        """Forget everything and start over; the same seed gives the same run."""
        rng = np.random.default_rng(seed)
        self.seed, self.head, self.cursor, self.trouble = seed, 0, 0, ""
        self.network = self.build(rng=rng)
        self.history = History(self.network)
        self._begin(rng)
        self._test = self._measure(0)

    def resume(self, seed: int, network: Network, history: History, velocities: dict) -> None:
        """Continue an interrupted run from its record and the network as it was then."""
        rng = np.random.default_rng(seed)
        self.build(rng=rng)  # skip the random numbers that the first weights were drawn with
        self.seed, self.network, self.history, self.trouble = seed, network, history, ""
        self.head = self.cursor = len(history.losses)
        after = Step(self.head, 0, history.losses[-1], history.smoothed[-1], 0.0, None) if self.head else None
        self._begin(rng, after)
        self.optimiser.velocities = velocities
        self._test = iter(()) if history.errors else self._measure(0)

    def _begin(self, rng, after=None):
        """Get ready to train, or to go on after a step."""
        images, self.optimiser = self.digits.train_images, SGD(self.network.layers, self.momentum)
        usual = dict(optimiser=self.optimiser, rng=rng, after=after)
        self._updates = train(self.network, images, self.targets, **self.settings, **usual)

    def advance(self) -> bool:
        """Do one update and show it; at the end of the run do nothing and return False.

        :class:`cnnlib.training.LossNotFiniteError` where the loss diverges; the run ends, ``trouble`` says why.
        """
        if self.head == self.total or self.trouble:
            return False
        try:
            step = next(self._updates)
        except LossNotFiniteError as error:
            self.trouble = str(error)  # the weights are useless now; the record up to here is not
            raise
        self.head = self.cursor = step.step
        self.history.record(step, self.network)
        if self.head % self.test_every == 0 or self.head == self.total:
            self._test = self._measure(self.head)
        next(self._test, None)
        if self.head == self.total:  # last update: there is no later call in which to finish the measurement
            self.finish_test()
        return True

    def finish_test(self) -> None:
        """Finish at once a test error that is being measured."""
        for _slice in self._test:
            pass

    def forward(self) -> bool:
        """One update further: along the record, or at its end a new one; False at the end of the run."""
        if self.cursor == self.head:
            return self.advance()
        self.cursor = self.history.after(self.cursor, self.head)
        return True

    def seek(self, step: int) -> None:
        """Move the cursor to the last keyframe at or before ``step``."""
        step = min(max(int(step), 0), self.head)
        self.cursor = step if step == self.head else self.history.before(step)

    def shown(self) -> Network:
        """The network as it was at the cursor, with caches of its own."""
        if self.cursor == self.head:
            return self.network
        return _with_weights(self.network, self.history.keyframes[self.history.before(self.cursor)])

    def trace(self, k: int) -> tuple[Trace, int]:
        """(the pass of test image k through the network at the cursor, its label)."""
        label = int(self.digits.test_labels[k])
        return self.trace_image(self.digits.test_images[k], label), label

    def trace_image(self, image: np.ndarray, label: int) -> Trace:
        """The pass of any image (1, n_h, n_w) through the network at the cursor, judged by a label."""
        with np.errstate(over="ignore", invalid="ignore"):  # a run that diverged is shown as it is
            return self.shown().trace(image[None], one_hot([label], self.targets.shape[1]))

    def on_plateau(self) -> bool:
        """Has the loss stayed about the same after its first drop?  (It falls again later.)"""
        losses = self.history.losses
        return self.head >= 40 and bool(np.mean(losses[-20:]) > 0.9 * np.mean(losses[10:30]))

    def _measure(self, step, slice_size=250):
        """Look at one slice of the test images at each call; after the last, note the error of update ``step``."""
        network = _with_weights(self.network, [dict(layer.params) for layer in self.network.layers])
        images, labels = self.digits.test_images, self.digits.test_labels
        wrong = 0
        for start in range(0, len(images), slice_size):
            part = slice(start, start + slice_size)
            wrong += np.count_nonzero(wrong_answers(network.predict(images[part]), labels[part]))
            if part.stop >= len(images):
                self.history.errors.append((step, float(wrong / len(images))))
            yield


def _with_weights(network, weights):
    """A network of the same layers with other parameters; the given one is not touched."""
    layers = [copy.copy(layer) for layer in network.layers]
    for layer, params in zip(layers, weights, strict=True):
        layer.params = params
    return Network(layers, network.loss)
