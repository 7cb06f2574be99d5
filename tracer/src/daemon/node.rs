//! `name_format`: what this machine is called in its log (`node=NAME`), as auditd.conf(5) has it.

use std::{
    ffi::{CStr, CString},
    io,
    net::ToSocketAddrs as _,
};

use serde::Deserialize;

/// `name_format`
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum NameFormat {
    /// It has none.
    #[default]
    #[serde(alias = "NONE")]
    None,
    /// What gethostname(2) says.
    #[serde(alias = "HOSTNAME")]
    Hostname,
    /// The whole name in the domain.
    #[serde(alias = "FQD")]
    Fqd,
    /// Its address.
    #[serde(alias = "NUMERIC")]
    Numeric,
    /// What `name` says.
    #[serde(alias = "USER")]
    User,
}

/// Longest name that the audit tools read (`HOST_NAME_MAX` is 64, a whole name 255).
pub(super) const NAME_MAX: usize = 255;

/// Can it stand in a record?
pub(super) fn is_name(name: &str) -> bool {
    let fits = (1..=NAME_MAX).contains(&name.len());
    fits && name
        .bytes()
        .all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\'')
}

/// The name of this machine.
pub(super) fn name(format: NameFormat, user: Option<&str>) -> io::Result<Option<String>> {
    let name = match format {
        NameFormat::None => return Ok(None),
        NameFormat::User => user.unwrap_or_default().to_owned(),
        NameFormat::Hostname => hostname(),
        NameFormat::Numeric => (hostname().as_str(), 0)
            .to_socket_addrs()?
            .next()
            .map(|address| address.ip().to_string())
            .unwrap_or_default(),
        NameFormat::Fqd => canonical(&hostname())?,
    };
    if is_name(&name) {
        Ok(Some(name))
    } else {
        Err(io::Error::other(format!(
            "`{name}` is no name of a machine"
        )))
    }
}

fn hostname() -> String {
    let name = rustix::system::uname();
    name.nodename().to_string_lossy().into_owned()
}

/// The whole name, as the resolver has it.
fn canonical(host: &str) -> io::Result<String> {
    let host = CString::new(host).map_err(io::Error::other)?;
    // SAFETY: all members are integers or pointers, for which zeros are values.
    let mut hints: libc::addrinfo = unsafe { std::mem::zeroed() };
    hints.ai_flags = libc::AI_CANONNAME;
    hints.ai_socktype = libc::SOCK_STREAM;
    let mut found: *mut libc::addrinfo = std::ptr::null_mut();
    // SAFETY: the name is a C string, the hints are of the call's type, and the result is freed
    // below, once, where there is one.
    let status = unsafe {
        libc::getaddrinfo(
            host.as_ptr(),
            std::ptr::null(),
            &raw const hints,
            &raw mut found,
        )
    };
    if status != 0 || found.is_null() {
        return Err(io::Error::other(format!(
            "the name {} cannot be looked up",
            host.to_string_lossy()
        )));
    }
    // SAFETY: the list has at least one element, and its name is a C string or null; both live
    // until they are freed here.
    let name = unsafe {
        let name = (*found).ai_canonname;
        let name = if name.is_null() {
            host.to_string_lossy().into_owned()
        } else {
            CStr::from_ptr(name).to_string_lossy().into_owned()
        };
        libc::freeaddrinfo(found);
        name
    };
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(name(NameFormat::None, None).unwrap(), None);
        let user = |text| name(NameFormat::User, Some(text));
        assert_eq!(user("web1").unwrap().as_deref(), Some("web1"));
        for text in ["", "a b", "a\n", "ü", "a\"b"] {
            assert!(user(text).is_err(), "{text:?}");
        }
        assert_eq!(canonical("127.0.0.1").unwrap(), "127.0.0.1");
        let here = name(NameFormat::Hostname, None).unwrap().unwrap();
        assert_eq!(here, hostname());
    }
}
