//! The registry of unpackers: one line each.
mod ar;
mod asar;
mod burn;
mod bzip2;
mod cab;
mod compound;
mod compress;
mod container_image;
mod cpio;
mod cramfs;
pub(crate) mod disk;
mod dmg;
mod dsse;
mod email;
mod embedded;
mod encoded_text;
pub(crate) mod ext;
pub(crate) mod fat;
mod gzip;
pub(crate) mod hfs_plus;
mod in_toto;
mod inno;
mod install_shield;
mod install_shield_cab;
mod iso9660;
mod jffs2;
mod lha;
mod lz4;
mod lzip;
mod lzma;
mod lzop;
mod nsis;
pub(crate) mod ntfs;
mod ole_native;
mod pbzx;
mod pdf;
mod qcow2;
mod rar;
mod romfs;
mod rpm;
mod seven_zip;
mod sigstore_bundle;
mod squashfs;
mod tar;
mod ubi;
mod ubifs;
mod udf;
mod upx;
mod vdi;
mod vhd;
mod vhdx;
mod vmdk;
mod xar;
mod xz;
mod zip;
mod zisofs;
mod zlib;
mod zstd;

use interdict_model::Unpacker;

pub(crate) use self::ar::PASSER as AR;
pub use self::container_image::{Entry, Layer, Part, Parts, is_image, layer, relate};
pub(crate) use self::cpio::PASSER as CPIO;
pub(crate) use self::embedded::LEFT;
pub use self::embedded::within;
pub(crate) use self::install_shield_cab::MARK as INSTALL_SHIELD;
pub(crate) use self::rar::is_volume as is_rar_volume;
pub(crate) use self::tar::PASSER as TAR;
pub(crate) use self::zip::disks as zip_disks;
pub(crate) use self::zstd::open as zstd_frame;

/// Every unpacker; several may accept one artifact, and all run.
pub const UNPACKERS: &[Unpacker] = &[
    ar::ENTRY,
    asar::ENTRY,
    burn::ENTRY,
    bzip2::ENTRY,
    cab::ENTRY,
    compound::ENTRY,
    compress::ENTRY,
    cpio::ENTRY,
    cramfs::ENTRY,
    disk::ENTRY,
    dmg::ENTRY,
    dsse::ENTRY,
    email::ENTRY,
    embedded::ENTRY,
    encoded_text::ENTRY,
    ext::ENTRY,
    fat::ENTRY,
    gzip::ENTRY,
    hfs_plus::ENTRY,
    in_toto::ENTRY,
    inno::ENTRY,
    install_shield::ENTRY,
    install_shield_cab::ENTRY,
    iso9660::ENTRY,
    jffs2::ENTRY,
    lha::ENTRY,
    lz4::ENTRY,
    lzip::ENTRY,
    lzma::ENTRY,
    lzop::ENTRY,
    nsis::ENTRY,
    ntfs::ENTRY,
    ole_native::ENTRY,
    pbzx::ENTRY,
    pdf::ENTRY,
    qcow2::ENTRY,
    rar::ENTRY,
    romfs::ENTRY,
    rpm::ENTRY,
    seven_zip::ENTRY,
    sigstore_bundle::ENTRY,
    squashfs::ENTRY,
    tar::ENTRY,
    ubi::ENTRY,
    ubifs::ENTRY,
    udf::ENTRY,
    upx::ENTRY,
    vdi::ENTRY,
    vhd::ENTRY,
    vhdx::ENTRY,
    vmdk::ENTRY,
    xar::ENTRY,
    xz::ENTRY,
    zip::ENTRY,
    zisofs::ENTRY,
    zlib::ENTRY,
    zstd::ENTRY,
    // Behind the archive that it looks into: it asks what was found there.
    container_image::ENTRY,
];
