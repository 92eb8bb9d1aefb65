//! What only looks like the vendor: other makers, other words, and files that talk about it.
use super::documents::WRITERS;
use super::files::strangers;

/// Makers that are not the vendor (knowledge base LA-15, LA-18, ORG-18, ORG-19).
const MAKERS: &[&str] = &[
    "InfoWatch",
    "UltraAV",
    "Pango Group",
    "Max Secure Software",
    "KasperSkytte",
    "Kasper Kristensen",
    "Anna Kasperskaya",
    "Jan Kasperski",
    "Kaspar Schiess",
    "Kasparov Chess",
    "Caspian Software",
    "Caspersen Labs",
    "Bkav Corporation",
    "Kave Negar",
    "Dr.Web",
    "Лаборатория Доктор Веб",
    "Каспийский трубопровод",
    "NOASSERTION",
    "Société Générale",
    "株式会社日立製作所",
    "Jaspersoft",
    "Kasasa Labs",
];

/// Texts that files of other makers hold (LA-12 to LA-17, LA-20).
const TEXTS: &[&str] = &[
    "RTP/AVP 0 8 101 telephone-event",
    "radius_avp diameter-avp Vendor-Specific AVP avpops",
    "kav_sdk KAVE_HOME kave_negar akave maskave bkavSigner",
    "klhk Kementerian Lingkungan Hidup dan Kehutanan",
    "libmaskave.so avp avpro AVP Technology Alien vs Predator",
    "ESET-NOD32 McAfee Symantec ClamAV Avast Sophos TrendMicro BitDefender",
    "photo.kdc config.kdl clip.avc manifest.mft slides.key data.ppl",
    "Jasper Reports caspersky kasper gasper",
];

/// Texts that name the vendor and show nothing of it (LA-01, LA-03, LA-05, LA-21, LA-24, LA-26).
const MENTIONS: &[&str] = &[
    "Kaspersky: HEUR:Trojan.Win32.Generic, McAfee: Artemis, Sophos: Mal/Generic-S, ESET-NOD32: a variant of Win32",
    "SOFTWARE\\KasperskyLab SOFTWARE\\McAfee SOFTWARE\\Symantec SOFTWARE\\ESET",
    "23667 Foo Inc\n23668 Kaspersky Lab ZAO\n23669 Bar Ltd",
    "Kaspersky researchers described it at https://securelist.com/some-report/12345/",
    "MailScan_Virus_Kaspersky MailScan_Virus_ClamAV MailScan_Virus_Sophos",
];

/// What only looks like it: names and bytes.
pub fn controls() -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for (index, maker) in MAKERS.iter().enumerate() {
        for (format, file, write) in WRITERS {
            all.push((format!("maker-{index}/{format}/{file}"), write(maker).into_bytes()));
        }
    }
    for (index, text) in TEXTS.iter().chain(MENTIONS).enumerate() {
        let files = strangers(text).into_iter();
        all.extend(files.map(|(name, bytes)| (format!("text-{index}/{name}"), bytes)));
    }
    all
}
