"""What is changed in the plain loop for each mistake of the catalogue: key → (parts it shows in, change)."""

import numpy as np

from cnnlib.doctor.patient.axes import Layout


def reread(ours, own, other):
    """An array in the layout ``own`` whose buffer is read as if it were in another order of axes."""

    def change(a):
        return Layout(other, ours).read(
            Layout(own, ours).lay_out(a).reshape(Layout(other, ours).shape(a.shape)), a.shape
        )

    return change


def only(a, *index):
    kept = np.zeros_like(a)
    kept[index] = a[index]
    return kept


E_ = Ellipsis


def each_map_into_its_own(H):
    """dX[o] for dX[c]: what kernel o sends to all channels goes to channel o; IndexError as there."""
    kept = np.zeros_like(H)
    for o in range(len(H)):
        kept[o][o] = H[o].sum(0)
    return kept


def each_channel_into_its_image(P, p):
    """dX[c] for dX[n, c]."""
    kept = np.zeros_like(P)
    for c in range(P.shape[1]):
        kept[c] += P[:, c].sum(0)
    return kept[:, :, p : P.shape[2] - p, p : P.shape[3] - p]


def middle(core):
    """The product in mode "same", zeros behind it or the middle of it, as X is larger or smaller."""

    def cut(P, p):
        (H, W), k, s = core.X.shape[2:], core.K.shape[2:], core.s
        h, w = (s * ((n + 2 * p - l) // s) + 1 for n, l in zip((H, W), k, strict=True))
        P = P[:, :, (k[0] - 1) // 2 :, (k[1] - 1) // 2 :][:, :, :h, :w]
        top, left = max(0, (h - H) // 2), max(0, (w - W) // 2)
        P = P[:, :, top : top + H, left : left + W]
        return np.pad(P, ((0, 0), (0, 0), (0, H - P.shape[2]), (0, W - P.shape[3])))

    return cut


def pasted(d, H, shape, s):
    wide, (k, l) = np.zeros(shape), H.shape[2:]
    for i, j in np.ndindex(d.shape[2:]):
        wide[:, :, s * i : s * i + k, s * j : s * j + l] += np.einsum("no,ocuv->ncuv", d[:, :, i, j], H)
    return wide


def dilated_by_rows(d, H, shape, s):
    """Zeros put into both axes of delta at the places of its rows; ValueError where the result is too wide."""
    places = list(range(1, d.shape[2])) * (s - 1)
    d = np.insert(np.insert(d, places, 0, axis=2), places, 0, axis=3)
    if s > 1 and d.shape[3] + H.shape[3] - 1 > shape[3]:
        raise ValueError("index can't contain negative values")
    return pasted(d, H, shape, 1)


def with_spread_taps(d, H, shape, s):
    """The stride on the taps of a window, not on the windows; what falls outside is lost."""
    wide, (k, l) = np.zeros((*shape[:2], *(s * n for n in shape[2:]))), H.shape[2:]
    for i, j in np.ndindex(d.shape[2:]):
        cells = wide[:, :, i : i + s * (k - 1) + 1 : s, j : j + s * (l - 1) + 1 : s]
        cells += np.einsum("no,ocuv->ncuv", d[:, :, i, j], H)
    return wide[:, :, : shape[2], : shape[3]]


def side_by_side(d, H, shape, s):
    """Windows a kernel's size apart, those that end outside left out."""
    wide, (k, l) = np.zeros(shape), H.shape[2:]
    for i, j in np.ndindex(d.shape[2:]):
        if k * i + k <= shape[2] and l * j + l <= shape[3]:
            wide[:, :, k * i : k * i + k, l * j : l * j + l] += np.einsum("no,ocuv->ncuv", d[:, :, i, j], H)
    return wide


def begun_late(d, H, shape, s):
    """Zeros before the cells of delta instead of behind them, so that the last ones are lost."""
    wide = np.zeros((*d.shape[:2], *(s * (m - 1) + 1 for m in d.shape[2:])))
    there = wide[:, :, s - 1 :: s, s - 1 :: s]
    there[...] = d[:, :, : there.shape[2], : there.shape[3]]
    return pasted(wide, H, (*shape[:2], *(n + s for n in shape[2:])), 1)[:, :, : shape[2], : shape[3]]


def rows_for_columns(d):
    """A map kept in one row, read with its number of rows; IndexError where it has more rows than columns."""
    m, l = d.shape[2:]
    flat = d.reshape(len(d), -1)
    place = m * l * np.arange(d.shape[1])[:, None, None] + m * np.arange(m)[:, None] + np.arange(l)
    return flat[:, place]


def rolled(core, sign):
    """A cyclic move by one less than the kernel's size."""
    return lambda a: np.roll(a, [sign * (k - 1) for k in core.K.shape[2:]], axis=(2, 3))


def in_the_middle(H):
    alone, (k, l) = np.zeros_like(H), H.shape[2:]
    alone[:, :, k // 2, l // 2] = H.sum((2, 3))
    return alone


def only_of_size_3(core):
    def checked(G):
        if core.K.shape[2] != 3:
            raise ValueError("operands could not be broadcast together")
        return G

    return checked


def three(change):
    return {f"delta_{part}": change for part in ("dX", "dK", "db")}


def divided(function):
    return lambda core: lambda a: a / function(core)


def changes(X="NCHW", K="OIHW"):
    """Key → (parts, change) for a layer with these layouts."""
    Z = X.replace("C", "O")
    dX, dK, db = ["dX"], ["dK"], ["db"]
    return {
        # the kernel on its way to dX
        "no_turn": (dX, {"H": lambda H: H[:, :, ::-1, ::-1]}),
        "quarter_turn": (dX, {"H": lambda H: np.rot90(H, 1, (2, 3))}),
        "transposed": (dX, {"H": lambda H: H.transpose(0, 1, 3, 2)}),
        "one_axis": (dX, {"H": lambda H: H[:, :, ::-1]}),
        "channels_reversed": (dX, {"H": lambda H: H[:, ::-1, ::-1]}),
        "reshaped": (dX, {"H": reread("OIHW", K, {"OIHW": "IOHW", "HWIO": "HWOI", "OHWI": "IHWO"}[K])}),
        "channels_summed": (dX, {"H": lambda H: H.sum(1, keepdims=True).repeat(H.shape[1], 1)}),
        "channels_averaged": (dX, {"H": lambda H: H.mean(1, keepdims=True).repeat(H.shape[1], 1)}),
        "first_channel_for_all": (dX, {"H": lambda H: H[:, :1].repeat(H.shape[1], 1)}),
        "one_channel_only": (dX, {"H": lambda H: only(H, slice(None), slice(0, 1))}),
        "first_kernel_for_all": (dX, {"H": lambda H: H[:1].repeat(len(H), 0)}),
        "kernels_summed": (dX, {"H": lambda H: H.sum(0, keepdims=True).repeat(len(H), 0)}),
        "kernel_missing": (dX, {"H": np.ones_like}),
        "kernel_squared": (dX, {"H": np.square}),
        # placing and cutting
        "stride_forgotten": (dX, {"step": lambda s, k: 1}),
        "stride_twice": (dX, {"step": lambda s, k: s * s}),
        "window_step": (dX, {"step": lambda s, k: k}),
        "assigned": (dX, {"write": True}),
        "padding_forgotten": (dX, {"crop": lambda P, p: P[:, :, : P.shape[2] - 2 * p, : P.shape[3] - 2 * p]}),
        "cut_at_end": (dX, {"crop": lambda P, p: P[:, :, 2 * p :, 2 * p :]}),
        "cut_by_one": (dX, {"crop": lambda P, p: P[:, :, 1:-1, 1:-1]}),
        "not_cropped": (dX, {"crop": lambda P, p: P}),
        "empty_without_padding": (dX, {"crop": lambda P, p: P[:, :, p:-p, p:-p]}),
        "zeros_without_padding": (dX, {"crop": lambda P, p: P[:, :, p:-p, p:-p] if p else 0 * P}),
        "zeros_with_padding": (dX, {"crop": lambda P, p: 0 * P[:, :, p:-p, p:-p] if p else P}),
        "border_zero": (
            dX,
            {
                "crop": lambda P, p: np.pad(
                    P[:, :, 2 * p : P.shape[2] - 2 * p, 2 * p : P.shape[3] - 2 * p],
                    ((0, 0), (0, 0), (p, p), (p, p)),
                )
            },
        ),
        "dilated_by_rows": (dX, {"paste": dilated_by_rows}),
        "same_for_full": (dX, {"!crop": middle}),
        "added_for_product": (
            dX,
            {"paste": lambda d, H, shape, s: pasted(d, 1 + 0 * H, shape, s) + pasted(1 + 0 * d, H, shape, s)},
        ),
        "stride_on_taps": (dX, {"paste": with_spread_taps}),
        "other_distance": (dX, {"paste": side_by_side}),
        "dilated_wrongly": (dX, {"paste": begun_late}),
        "every_sth_cell": (
            [*dX, *dK, *db],
            {
                f"!delta_{part}": lambda core: lambda d: only(d, E_, *[slice(None, None, core.s)] * 2)
                for part in ("dX", "dK", "db")
            },
        ),
        "row_length": ([*dX, *dK, *db], three(rows_for_columns)),
        "shares_moved": (dX, {"!dX": lambda core: rolled(core, -1)}),
        "windows_moved": (dK, {"!X_dK": lambda core: rolled(core, 1)}),
        "kernel_in_one_cell": (dX, {"H": in_the_middle}),
        "channel_for_image": (dX, {"crop": each_channel_into_its_image}),
        "map_for_channel": (dX, {"H": each_map_into_its_own}),
        "fails_beside_one_size": (dX, {"!dK": only_of_size_3}),
        # dX at the end
        "channels_counted_by_maps": (
            [*dX, *dK],
            {
                "!dX": lambda core: lambda a: only(a, slice(None), slice(0, len(core.K))),
                "!dK": lambda core: lambda G: only(G, slice(None), slice(0, len(core.K))),
            },
        ),
        "over_N": (dX, {"dX": lambda a: a / len(a) if a.ndim == 4 else a}),
        "all_into_first": (dX, {"dX": lambda a: only(a.sum(0, keepdims=True).repeat(len(a), 0), slice(0, 1))}),
        "batch_summed": (dX, {"dX": lambda a: a.sum(0, keepdims=True).repeat(len(a), 0)}),
        "sign": (dX, {"dX": np.negative}),
        "starts_as_X": (dX, {"!dX": lambda core: lambda a: a + core.X}),
        "starts_as_ones": (dX, {"dX": lambda a: a + 1}),
        "masked_by_input": (dX, {"!dX": lambda core: lambda a: np.where(core.X > 0, a, 0)}),
        "slope_of_input": (dX, {"!dX": lambda core: lambda a: a * core.X * (1 - core.X)}),
        "times_input": (dX, {"!dX": lambda core: lambda a: core.X * a}),
        "dX_turned": (dX, {"dX": lambda a: a[:, :, ::-1, ::-1]}),
        "dX_reshaped": (dX, {"dX": reread("NCHW", X, {"NCHW": "NHWC", "NHWC": "NCHW", "HWCN": "HWNC"}[X])}),
        "dX_over_positions": (dX, {"!dX": divided(lambda core: core.K.shape[2] * core.K.shape[3])}),
        "never_written": (dX, {"dX": np.zeros_like}),
        "constant_factor": (dX, {"dX": lambda a: 2 * a}),
        "clipped": (dX, {"dX": lambda a: np.clip(a, -1, 1)}),
        # delta
        "maps_counted_by_channels": (
            [*dX, *dK, *db],
            {
                f"!delta_{part}": lambda core: lambda d: only(d, slice(None), slice(0, core.X.shape[1]))
                for part in ("dX", "dK", "db")
            },
        ),
        "masked_by_delta": ([*dX, *dK, *db], three(lambda d: d * (d > 0))),
        "first_image_only": ([*dX, *dK, *db], three(lambda d: only(d, slice(0, 1)))),
        "last_image_only": (
            [*dX, *dK],
            {"delta_dX": lambda d: only(d, slice(-1, None)), "delta_dK": lambda d: only(d, slice(-1, None))},
        ),
        "first_image_for_all": (dX, {"delta_dX": lambda d: d[:1].repeat(len(d), 0)}),
        "last_image_for_all": (dX, {"delta_dX": lambda d: d[-1:].repeat(len(d), 0)}),
        "batch_averaged": (dX, {"delta_dX": lambda d: d.mean(0, keepdims=True).repeat(len(d), 0)}),
        "mispaired": (dK, {"delta_dK": lambda d: d[::-1]}),
        "first_map_only": (dX, {"delta_dX": lambda d: only(d, slice(None), slice(0, 1))}),
        "last_map_only": (dX, {"delta_dX": lambda d: only(d, slice(None), slice(-1, None))}),
        "maps_summed": (dK, {"delta_dK": lambda d: d.sum(1, keepdims=True).repeat(d.shape[1], 1)}),
        "first_map_for_all": (db, {"delta_db": lambda d: d[:, :1].repeat(d.shape[1], 1)}),
        "last_row_lost": (
            [*dX, *dK],
            {f"delta_{part}": lambda d: only(d, E_, slice(0, -1), slice(None)) for part in ("dX", "dK")},
        ),
        "last_column_lost": (dX, {"delta_dX": lambda d: only(d, E_, slice(0, -1))}),
        "last_row_and_column_lost": (dX, {"delta_dX": lambda d: only(d, E_, slice(0, -1), slice(0, -1))}),
        "rows_for_columns": (dX, {"delta_dX": lambda d: only(d, E_, slice(0, d.shape[2]))}),
        "delta_turned": (dK, {"delta_dK": lambda d: d[:, :, ::-1, ::-1]}),
        "delta_reshaped": (
            dX,
            {"delta_dX": reread("NOHW", Z, {"NOHW": "NHWO", "NHWO": "NOHW", "HWON": "HWNO"}[Z])},
        ),
        # dK
        "dK_not_turned": (dK, {"dK": lambda G: G[:, :, ::-1, ::-1]}),
        "dK_quarter_turn": (dK, {"dK": lambda G: np.rot90(G, 1, (2, 3))}),
        "dK_transposed": (dK, {"dK": lambda G: G.transpose(0, 1, 3, 2)}),
        "dK_rows_summed": (dK, {"dK": lambda G: G.sum(2, keepdims=True).repeat(G.shape[2], 2)}),
        "dK_one_axis": (dK, {"dK": lambda G: G[..., ::-1]}),
        "dK_reshaped": (dK, {"dK": reread("OIHW", K, {"OIHW": "IHWO", "HWIO": "HWOI", "OHWI": "HWIO"}[K])}),
        "dK_channels_summed": (dK, {"dK": lambda G: G.sum(1, keepdims=True).repeat(G.shape[1], 1)}),
        "dK_one_channel_for_all": (dK, {"dK": lambda G: G[:, :1].repeat(G.shape[1], 1)}),
        "dK_one_channel_only": (dK, {"dK": lambda G: only(G, slice(None), slice(0, 1))}),
        "X_of_one_image": (dK, {"X_dK": lambda X: X[:1].repeat(len(X), 0)}),
        "X_turned": (dK, {"X_dK": lambda X: X[:, :, ::-1, ::-1]}),
        "dK_stride_forgotten": (dK, {"step_dK": lambda s: 1}),
        "last_window_only": (dK, {"write_dK": True}),
        "plus_weights": (dK, {"!dK": lambda core: lambda G: G + core.K}),
        "weights_for_gradient": (dK, {"!dK": lambda core: lambda G: core.K}),
        "times_weights": (dK, {"!dK": lambda core: lambda G: G * core.K}),
        "dK_over_positions": (dK, {"!dK": divided(lambda core: core.K.shape[2] * core.K.shape[3])}),
        # db
        "bias_often": (db, {"!db": lambda core: lambda db: db * core.K.shape[1]}),
        "bias_shrinks": (db, {"!db": lambda core: lambda db: core.b}),
        "bias_plus_batch": (db, {"!db": lambda core: lambda db: db + len(core.X)}),
        "bias_plus_itself": (db, {"!db": lambda core: lambda db: db + core.b}),
        # the forward pass: its own differences are the right gradients then, which the backward pass misses or not
        "bias_unused": (["forward", "db"], {"b_forward": np.zeros_like, "db": np.asarray}),
        "forward_one_axis": (["forward", "dX", "dK"], {"H_forward": lambda H: H[:, :, ::-1]}),
        "forward_transposed": (["forward", "dX", "dK"], {"H_forward": lambda H: H.transpose(0, 1, 3, 2)}),
        "forward_first_kernel": (["forward", "dX", "dK"], {"H_forward": lambda H: H[:1].repeat(len(H), 0)}),
        "forward_row_lost": (
            ["forward", "dX", "dK", "db"],
            {"Z": lambda Z: only(Z, E_, slice(0, -1), slice(None))},
        ),
        "forward_stride_ignored": (["forward", "dX", "dK"], {"step_forward": lambda s: 1}),
        "forward_kernels_summed": (
            ["forward", "dX", "dK"],
            {"H_forward": lambda H: H.sum(0, keepdims=True).repeat(len(H), 0)},
        ),
        "batch_added": (["forward"], {"Z": lambda Z: Z + len(Z)}),
    }
