//! The name under which programs look for the library: another number where it does not fit them any more.

fn main() {
    println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libtracer.so.0");
    println!("cargo::rerun-if-changed=build.rs");
}
