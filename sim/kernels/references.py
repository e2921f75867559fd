"""Columns passed by reference: kernels hand one address on, not hundreds of arrays.

Numba passes a named tuple by value, array by array: with all columns of a world in it, every call
would move some seven hundred numbers, and every look at a column would count its owners up and down
in atomic steps, for which threads wait on each other. A reference has the same fields under the
same names, but is the address of a table of 8-byte words that tells where each column lies. Nothing
behind it is counted, compiled code may take for granted that the table does not change, and an
index never counts from the end, so that a look at a column takes two instructions in place of
seven. What it may take for granted about the memory of different columns, `sim.kernels.aliasing`
finds out. The Python object keeps the columns alive. Where compiling is switched off, kernels get
element views, as the agents do: NumPy scalars would keep narrow types and overflow.
"""

from __future__ import annotations

import hashlib
import operator
import struct
from functools import cache
from typing import Any, NamedTuple

import numba
import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import cgutils, types
from numba.core.typing.templates import (
    AbstractTemplate,
    AttributeTemplate,
    infer_global,
    signature,
)
from numba.extending import (
    NativeValue,
    infer_getattr,
    lower_builtin,
    lower_getattr,
    lower_getattr_generic,
    models,
    register_model,
    typeof_impl,
    unbox,
)
from numba.np.numpy_support import from_dtype

from sim.kernels.aliasing import address_of, is_field, memory_of, memory_tag
from sim.kernels.situation import PostFacts, Situation
from sim.rules.terms import Terms
from sim.world.columns import (
    ConsumerColumns,
    MemoryColumns,
    MerchantColumns,
    PostColumns,
    RememberedColumns,
    ShopWindow,
    TieColumns,
)
from sim.world.views import view_of

_WORD = ir.IntType(64)


class ReferenceType(types.Type):
    """The Numba type of a reference: the name and the type of each field."""

    def __init__(self, name: str, fields: tuple[tuple[str, Any], ...]):
        self.fields = dict(fields)
        # The name becomes part of all compiled names: in full, these would take 30 MB.
        digest = hashlib.blake2b(repr(fields).encode(), digest_size=16).hexdigest()
        super().__init__(f"Reference({name} {digest})")


class ColumnType(types.Type):
    """The Numba type of a column behind a reference: items that lie ``step`` bytes apart.

    Columns of different ``memory`` share none.
    """

    def __init__(self, dtype: Any, ndim: int, step: int, memory: str):
        self.dtype, self.ndim, self.step, self.memory = dtype, ndim, step, memory
        super().__init__(f"Column({dtype}, {ndim}, {step}, {memory})")


class _Address(NamedTuple):
    address: int


class Reference(_Address):
    """A named tuple of columns, numbers, tuples of numbers and further references, for kernels.

    References of one type have a class of their own: of a named tuple whose class it has met, by
    name, Numba knows the type without asking Python, which would take 15 microseconds.
    """

    type: ReferenceType
    columns: Any  # kept alive, and so is the table at the address
    table: Any


def _referred_to(columns: Any) -> Reference:
    name = type(columns).__name__
    kinds = map(_type_of, columns, (f"{name}.{memory}" for memory in memory_of(columns)))
    codes: list[str] = []
    words: list[float] = []
    _tell(columns, codes, words)
    table = np.frombuffer(struct.pack("".join(codes), *words), dtype=np.int64)
    reference = _class_of_references(name, columns._fields, tuple(kinds))(address_of(table))
    reference.columns, reference.table = columns, table
    return reference


@cache
def _class_of_references(
    name: str, fields: tuple[str, ...], kinds: tuple[Any, ...]
) -> type[Reference]:
    kind = ReferenceType(name, tuple(zip(fields, kinds, strict=True)))
    return type(kind.name, (Reference,), {"type": kind})


def _type_of(value: Any, memory: str) -> Any:
    """Return the Numba type of a field. Raises TypeError for arrays that lie in gaps."""
    if isinstance(value, np.ndarray):
        step = value.itemsize
        if is_field(value):
            step = value.strides[0]
        elif not value.flags.c_contiguous:
            raise TypeError("kernels take whole arrays and columns of records only")
        return _column_type(value.dtype, value.ndim, step, memory)
    if isinstance(value, Reference):
        return value.type
    kind = (type(value), *map(type, value)) if isinstance(value, tuple) else type(value)
    known = _TYPES_OF_NUMBERS.get(kind)
    if known is None:
        known = numba.typeof(value)
        if isinstance(kind, tuple) and all(part in _TYPES_OF_NUMBERS for part in kind[1:]):
            _TYPES_OF_NUMBERS[kind] = known
    return known


#: Of numbers and of tuples of numbers: to ask Numba for that of a named tuple takes 90 µs.
_TYPES_OF_NUMBERS: dict[Any, Any] = {kind: numba.typeof(kind()) for kind in (int, float, bool)}


@cache
def _column_type(dtype: np.dtype[Any], ndim: int, step: int, memory: str) -> ColumnType:
    return ColumnType(from_dtype(dtype), ndim, step, memory)


def _tell(values: Any, codes: list[str], words: list[float]) -> None:
    """Add the words that tell of each value, of a column its address and lengths, and their codes.

    All weeks together, this is done for some ten thousand columns.
    """
    for value in values:
        if isinstance(value, np.ndarray):
            codes.append("q" * (1 + value.ndim))
            words += (address_of(value), *value.shape)
        elif isinstance(value, Reference):
            codes.append("q")
            words.append(value.address)
        elif isinstance(value, tuple):
            _tell(value, codes, words)
        else:
            codes.append("d" if isinstance(value, float) else "q")
            words.append(value)


@typeof_impl.register(Reference)
def _typeof_reference(reference: Reference, _: Any) -> ReferenceType:
    return reference.type


@register_model(ReferenceType)
class _ReferenceModel(models.OpaqueModel):
    """An address."""


@unbox(ReferenceType)
def _unbox_reference(_: ReferenceType, reference: Any, c: Any) -> NativeValue:
    address = c.pyapi.object_getattr_string(reference, "address")
    number = c.pyapi.long_as_longlong(address)
    c.pyapi.decref(address)
    return NativeValue(c.builder.inttoptr(number, cgutils.voidptr_t))


@infer_getattr
class _FieldsOfReference(AttributeTemplate):
    key = ReferenceType

    def generic_resolve(self, value: Any, attr: Any) -> Any:  # type: ignore[override]
        return value.fields.get(attr)


@lower_getattr_generic(ReferenceType)
def _load_field(context: Any, builder: Any, reference: Any, address: Any, name: str) -> Any:
    place = 0
    for field, kind in reference.fields.items():
        if field == name:
            break
        place += _n_words(kind)
    table = builder.bitcast(address, _WORD.as_pointer())
    return _loaded(context, builder, reference.fields[name], table, place)


def _parts(kind: Any) -> tuple[Any, ...]:
    """The types in a tuple type."""
    return tuple(kind)


def _n_words(kind: Any) -> int:
    if isinstance(kind, ColumnType):
        return 1 + int(kind.ndim)
    if isinstance(kind, types.BaseTuple):
        return sum(map(_n_words, _parts(kind)))
    return 1


def _loaded(context: Any, builder: Any, kind: Any, table: Any, place: int) -> Any:
    """The value of a type whose words begin at this place of a table."""

    def word(k: int) -> Any:
        loaded = builder.load(builder.gep(table, [ir.Constant(ir.IntType(32), place + k)]))
        loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
        return loaded

    if isinstance(kind, ColumnType):
        column = cgutils.create_struct_proxy(kind)(context, builder)
        column.data = builder.inttoptr(word(0), column.data.type)
        column.shape = cgutils.pack_array(builder, [word(1 + k) for k in range(kind.ndim)])
        return column._getvalue()
    if isinstance(kind, types.BaseTuple):
        values = []
        for part in _parts(kind):
            values.append(_loaded(context, builder, part, table, place))
            place += _n_words(part)
        return context.make_tuple(builder, kind, values)
    if isinstance(kind, ReferenceType):
        return builder.inttoptr(word(0), cgutils.voidptr_t)
    if isinstance(kind, types.Float):
        return builder.bitcast(word(0), ir.DoubleType())
    if isinstance(kind, types.Boolean):
        return builder.trunc(word(0), ir.IntType(1))
    return word(0)


@register_model(ColumnType)
class _ColumnModel(models.StructModel):
    """Where the items of a column are, and how many along each axis."""

    def __init__(self, dmm: Any, kind: ColumnType):
        lengths = types.UniTuple(types.intp, kind.ndim)
        super().__init__(dmm, kind, [("data", types.CPointer(kind.dtype)), ("shape", lengths)])


@infer_getattr
class _ShapeOfColumn(AttributeTemplate):
    key = ColumnType

    def resolve_shape(self, kind: ColumnType) -> Any:
        return types.UniTuple(types.intp, kind.ndim)


@lower_getattr(ColumnType, "shape")
def _load_shape(context: Any, builder: Any, kind: ColumnType, column: Any) -> Any:
    return cgutils.create_struct_proxy(kind)(context, builder, column).shape


@infer_global(len)
class _LengthOfColumn(AbstractTemplate):
    def generic(self, args: Any, _: Any) -> Any:
        return signature(types.intp, *args) if isinstance(args[0], ColumnType) else None


@lower_builtin(len, ColumnType)
def _load_length(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    shape = cgutils.create_struct_proxy(sig.args[0])(context, builder, args[0]).shape
    return builder.extract_value(shape, 0)


def _is_place(index: Any, ndim: int) -> bool:
    """Return whether an index names one item: a whole number for each axis."""
    each = _parts(index) if isinstance(index, types.BaseTuple) else (index,)
    return len(each) == ndim and all(isinstance(one, types.Integer) for one in each)


@infer_global(operator.getitem)
class _ItemOfColumn(AbstractTemplate):
    def generic(self, args: Any, _: Any) -> Any:
        column, index = args
        if isinstance(column, ColumnType) and _is_place(index, column.ndim):
            return signature(column.dtype, *args)
        return None


@infer_global(operator.setitem)
class _SetItemOfColumn(AbstractTemplate):
    def generic(self, args: Any, _: Any) -> Any:
        column, index, _value = args
        if isinstance(column, ColumnType) and _is_place(index, column.ndim):
            return signature(types.none, column, index, column.dtype)
        return None


@lower_builtin(operator.getitem, ColumnType, types.Any)
def _load_item(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    kind = sig.args[0]
    loaded = builder.load(item_of(context, builder, sig, args))
    loaded.set_metadata("tbaa", memory_tag(builder, kind.memory))
    return context.data_model_manager[kind.dtype].from_data(builder, loaded)


@lower_builtin(operator.setitem, ColumnType, types.Any, types.Any)
def _store_item(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    kind = sig.args[0]
    data = context.data_model_manager[kind.dtype].as_data(builder, args[2])
    stored = builder.store(data, item_of(context, builder, sig, args))
    stored.set_metadata("tbaa", memory_tag(builder, kind.memory))
    return context.get_dummy_value()


def item_of(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    """Return the address of an item: code for a column, or an array, and a place as arguments."""
    kind, index = sig.args[0], sig.args[1]
    if isinstance(kind, types.Array):
        return _item_of_array(context, builder, kind, args[0], (index, args[1]))
    column = cgutils.create_struct_proxy(kind)(context, builder, args[0])
    given: tuple[Any, ...] = (index,)
    numbers = [args[1]]
    if isinstance(index, types.BaseTuple):
        given, numbers = _parts(index), cgutils.unpack_tuple(builder, args[1], len(index))
    lengths = cgutils.unpack_tuple(builder, column.shape, kind.ndim)
    place = ir.Constant(_WORD, 0)
    for axis, (one, number, length) in enumerate(zip(given, numbers, lengths, strict=True)):
        number = context.cast(builder, number, one, types.intp)
        if context.enable_boundscheck:
            cgutils.do_boundscheck(context, builder, number, length, axis)
        place = builder.add(builder.mul(place, length, flags=["nsw"]), number, flags=["nsw"])
    item = context.get_abi_sizeof(context.get_data_type(kind.dtype))
    if kind.step == item:
        return builder.gep(column.data, [place], inbounds=True)
    bytes_on = builder.mul(place, ir.Constant(_WORD, kind.step), flags=["nsw"])
    first = builder.bitcast(column.data, cgutils.voidptr_t)
    return builder.bitcast(builder.gep(first, [bytes_on], inbounds=True), column.data.type)


def _item_of_array(
    context: Any, builder: Any, kind: Any, array: Any, place: tuple[Any, Any]
) -> Any:
    """Return the address of an item of an array of one dimension, as kernels make them."""
    number = context.cast(builder, place[1], place[0], types.intp)
    array = context.make_array(kind)(context, builder, array)
    bounds = {"wraparound": False, "boundscheck": context.enable_boundscheck}
    return cgutils.get_item_pointer(context, builder, kind, array, [number], **bounds)


class References:
    """References to what stays in its place for a whole run; only the rest is made anew weekly."""

    def __init__(
        self,
        consumers: ConsumerColumns,
        memory: MemoryColumns,
        ties: TieColumns,
        merchants: MerchantColumns,
        terms: Terms,
    ):
        self.lasting = {
            "consumers": for_kernels(consumers),
            "memory": for_kernels(memory),
            "ties": for_kernels(ties),
            "merchants": for_kernels(merchants),
            "terms": for_kernels(terms),
        }

    def situation(
        self,
        posts: PostColumns,
        facts: PostFacts,
        remembered: RememberedColumns,
        shop: ShopWindow,
        **values: Any,
    ) -> Any:
        """Return a situation with all its columns behind references, for kernels."""
        return for_kernels(
            Situation(
                posts=for_kernels(posts),
                facts=for_kernels(facts),
                remembered=for_kernels(remembered),
                shop=for_kernels(shop),
                **self.lasting,
                **values,
            )
        )


def for_kernels(columns: Any) -> Any:
    """Return columns as kernels take them: compiled code by reference, plain Python as views."""
    if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        return view_of(columns)
    return _referred_to(columns)
