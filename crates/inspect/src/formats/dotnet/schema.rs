//! The columns of the metadata tables (ECMA-335, partition II, 22), as far as the last table that is read.
use super::tables::Column::{self, Blob, Coded, Guid, Long, Row, Short, String};

pub(super) const MODULE: usize = 0x00;
pub(super) const TYPE_REF: usize = 0x01;
pub(super) const TYPE_DEF: usize = 0x02;
const FIELD: usize = 0x04;
const METHOD: usize = 0x06;
const PARAM: usize = 0x08;
pub(super) const MEMBER_REF: usize = 0x0a;
pub(super) const CUSTOM_ATTRIBUTE: usize = 0x0c;
const EVENT: usize = 0x14;
const PROPERTY: usize = 0x17;
pub(super) const MODULE_REF: usize = 0x1a;
const TYPE_SPEC: usize = 0x1b;
pub(super) const IMPL_MAP: usize = 0x1c;
pub(super) const ASSEMBLY: usize = 0x20;
pub(super) const ASSEMBLY_REF: usize = 0x23;
pub(super) const FILE: usize = 0x26;
pub(super) const EXPORTED_TYPE: usize = 0x27;
pub(super) const RESOURCE: usize = 0x28;

/// Bits that say which table, and the tables in question.
const TYPE_DEF_OR_REF: Column = Coded(2, &[TYPE_DEF, TYPE_REF, TYPE_SPEC]);
const HAS_CONSTANT: Column = Coded(2, &[FIELD, PARAM, PROPERTY]);
pub(super) const HAS_ATTRIBUTE: Column = Coded(
    5,
    &[
        METHOD,
        FIELD,
        TYPE_REF,
        TYPE_DEF,
        PARAM,
        0x09,
        MEMBER_REF,
        MODULE,
        0x0e,
        PROPERTY,
        EVENT,
        0x11,
        MODULE_REF,
        TYPE_SPEC,
        ASSEMBLY,
        ASSEMBLY_REF,
        FILE,
        EXPORTED_TYPE,
        0x28,
        0x2a,
        0x2b,
        0x2c,
    ],
);
const HAS_MARSHAL: Column = Coded(1, &[FIELD, PARAM]);
const HAS_SECURITY: Column = Coded(2, &[TYPE_DEF, METHOD, ASSEMBLY]);
pub(super) const MEMBER_PARENT: Column = Coded(3, &[TYPE_DEF, TYPE_REF, MODULE_REF, METHOD, TYPE_SPEC]);
const HAS_SEMANTICS: Column = Coded(1, &[EVENT, PROPERTY]);
const METHOD_OR_REF: Column = Coded(1, &[METHOD, MEMBER_REF]);
const FORWARDED: Column = Coded(1, &[FIELD, METHOD]);
const IMPLEMENTATION: Column = Coded(2, &[FILE, ASSEMBLY_REF, EXPORTED_TYPE]);
pub(super) const ATTRIBUTE_TYPE: Column = Coded(3, &[METHOD, MEMBER_REF]);
const SCOPE: Column = Coded(2, &[MODULE, MODULE_REF, ASSEMBLY_REF, TYPE_REF]);

/// By the number of the table.
pub(super) const TABLES: &[&[Column]] = &[
    &[Short, String, Guid, Guid, Guid],
    &[SCOPE, String, String],
    &[Long, String, String, TYPE_DEF_OR_REF, Row(FIELD), Row(METHOD)],
    &[Row(FIELD)],
    &[Short, String, Blob],
    &[Row(METHOD)],
    &[Long, Short, Short, String, Blob, Row(PARAM)],
    &[Row(PARAM)],
    &[Short, Short, String],
    &[Row(TYPE_DEF), TYPE_DEF_OR_REF],
    &[MEMBER_PARENT, String, Blob],
    &[Short, HAS_CONSTANT, Blob],
    &[HAS_ATTRIBUTE, ATTRIBUTE_TYPE, Blob],
    &[HAS_MARSHAL, Blob],
    &[Short, HAS_SECURITY, Blob],
    &[Short, Long, Row(TYPE_DEF)],
    &[Long, Row(FIELD)],
    &[Blob],
    &[Row(TYPE_DEF), Row(EVENT)],
    &[Row(EVENT)],
    &[Short, String, TYPE_DEF_OR_REF],
    &[Row(TYPE_DEF), Row(PROPERTY)],
    &[Row(PROPERTY)],
    &[Short, String, Blob],
    &[Short, Row(METHOD), HAS_SEMANTICS],
    &[Row(TYPE_DEF), METHOD_OR_REF, METHOD_OR_REF],
    &[String],
    &[Blob],
    &[Short, FORWARDED, String, Row(MODULE_REF)],
    &[Long, Row(FIELD)],
    &[Long, Long],
    &[Long],
    &[Long, Short, Short, Short, Short, Long, Blob, String, String],
    &[Long],
    &[Long, Long, Long],
    &[Short, Short, Short, Short, Long, Blob, String, String, Blob],
    &[Long, Row(ASSEMBLY_REF)],
    &[Long, Long, Long, Row(ASSEMBLY_REF)],
    &[Long, String, Blob],
    &[Long, Long, String, String, IMPLEMENTATION],
    &[Long, Long, String, IMPLEMENTATION],
];
