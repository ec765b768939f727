"""Every text of the pages, in both languages."""

from collections.abc import Mapping
from typing import Final

from gapura_chassis.language import Sentence

TEXTS: Final[Mapping[str, Sentence]] = {
    "other_language": Sentence(id="English", en="Bahasa Indonesia"),
    "sign_in_title": Sentence(id="Masuk", en="Sign in"),
    "sign_in_to": Sentence(id="untuk melanjutkan ke {client}", en="to continue to {client}"),
    "sign_in_here": Sentence(id="dengan akun Gapura Anda", en="with your Gapura account"),
    "username": Sentence(id="Nama pengguna atau surel", en="Username or e-mail"),
    "password": Sentence(id="Kata sandi", en="Password"),
    "sign_in": Sentence(id="Masuk", en="Sign in"),
    "cancel": Sentence(id="Batal", en="Cancel"),
    "reason_again": Sentence(
        id="Demi keamanan, {client} meminta Anda masuk sekali lagi.",
        en="For your security, {client} asks you to sign in once more.",
    ),
    "reason_other_account": Sentence(
        id="{client} mengharapkan akun lain daripada yang sedang masuk.",
        en="{client} expects another account than the one that is signed in.",
    ),
    "reason_stronger": Sentence(
        id="{client} meminta cara masuk yang lebih kuat.", en="{client} asks for a stronger way to sign in."
    ),
    "bad_credentials": Sentence(
        id="Nama atau kata sandi salah. Periksa keduanya, lalu coba lagi.",
        en="The name or the password is wrong. Please check both and try again.",
    ),
    "too_many_attempts": Sentence(
        id="Terlalu banyak percobaan yang gagal. Tunggu {seconds} detik, lalu coba lagi.",
        en="Too many failed attempts. Please wait {seconds} seconds and try again.",
    ),
    "too_many_logins": Sentence(
        id="Sedang banyak sekali orang yang masuk. Coba lagi sebentar lagi.",
        en="Very many people are signing in right now. Please try again in a moment.",
    ),
    "stale_form": Sentence(
        id="Halaman ini sudah tidak berlaku. Silakan coba sekali lagi.",
        en="This page was out of date. Please try once more.",
    ),
    "choose_title": Sentence(id="Pilih akun", en="Choose an account"),
    "continue_as": Sentence(id="Lanjutkan sebagai {name}", en="Continue as {name}"),
    "use_another": Sentence(id="Gunakan akun lain", en="Use another account"),
    "consent_title": Sentence(id="{client} meminta akses", en="{client} asks for access"),
    "signed_in_as": Sentence(id="Anda masuk sebagai {name}.", en="You are signed in as {name}."),
    "not_you": Sentence(id="Bukan Anda?", en="Not you?"),
    "may_do": Sentence(id="{client} akan dapat:", en="{client} will be able to:"),
    "is_new": Sentence(id="baru", en="new"),
    "resources": Sentence(id="pada layanan berikut:", en="at these services:"),
    "return_to": Sentence(
        id="Setelah ini Anda dikembalikan ke {place}.", en="After this you are sent back to {place}."
    ),
    "this_device": Sentence(id="sebuah aplikasi di perangkat ini", en="an application on this device"),
    "not_verified": Sentence(
        id="Nama aplikasi ini ditulis oleh pengembangnya. Izinkan hanya jika Anda mengenalnya.",
        en="The name of this application was written by its developer. Allow it only if you know it.",
    ),
    "policy": Sentence(id="Kebijakan privasi", en="Privacy policy"),
    "terms": Sentence(id="Ketentuan layanan", en="Terms of service"),
    "allow": Sentence(id="Izinkan", en="Allow"),
    "deny": Sentence(id="Tolak", en="Decline"),
    "device_title": Sentence(id="Hubungkan perangkat", en="Connect a device"),
    "device_enter": Sentence(
        id="Ketik kode yang ditampilkan perangkat Anda.", en="Type the code that your device shows."
    ),
    "device_code": Sentence(id="Kode perangkat", en="Device code"),
    "device_unknown": Sentence(
        id="Tidak ada perangkat yang menunggu dengan kode ini. Periksa kodenya, atau mulai lagi di perangkat Anda.",
        en="No device waits with this code. Check the code, or begin again on your device.",
    ),
    "device_confirm": Sentence(id="{client} ingin masuk di perangkat lain", en="{client} wants in on another device"),
    "device_same_code": Sentence(
        id="Perangkat di depan Anda harus menampilkan kode ini:", en="The device in front of you must show this code:"
    ),
    "device_warning": Sentence(
        id="Jika kode ini dikirim orang lain kepada Anda, tolaklah: ia akan masuk sebagai Anda.",
        en="If somebody else sent you this code, decline: they would be signed in as you.",
    ),
    "device_allowed": Sentence(id="Perangkat terhubung", en="The device is connected"),
    "device_allowed_text": Sentence(
        id="{client} dapat dipakai di perangkat Anda sekarang. Halaman ini boleh ditutup.",
        en="You can use {client} on your device now. You may close this page.",
    ),
    "device_denied": Sentence(id="Perangkat ditolak", en="The device was declined"),
    "device_denied_text": Sentence(
        id="{client} tidak mendapat akses. Halaman ini boleh ditutup.",
        en="{client} got no access. You may close this page.",
    ),
    "error_title": Sentence(id="Tidak dapat dilanjutkan", en="This cannot be continued"),
    "error_request": Sentence(
        id="Aplikasi yang mengirim Anda ke sini membuat permintaan yang tidak dapat kami jawab. Anda tidak melakukan "
        "kesalahan apa pun; kembalilah ke aplikasi itu dan coba lagi, atau hubungi pengembangnya.",
        en="The application that sent you here made a request that we cannot answer. You did nothing wrong: go back "
        "to the application and try again, or tell its developer.",
    ),
    "error_details": Sentence(id="Keterangan untuk pengembang", en="Details for the developer"),
    "error_expired": Sentence(
        id="Halaman ini sudah selesai dipakai, sudah kedaluwarsa, atau dibuka di peramban lain. Kembalilah ke aplikasi "
        "Anda dan masuk lagi dari sana.",
        en="This page was already used, has expired, or was opened in another browser. Go back to your application "
        "and sign in from there again.",
    ),
    "error_foreign_form": Sentence(
        id="Formulir ini tidak dikirim dari halaman kami, jadi kami tidak memakainya.",
        en="This form was not sent from a page of ours, so we did not use it.",
    ),
    "form_post_title": Sentence(id="Kembali ke aplikasi", en="Back to the application"),
    "form_post_text": Sentence(
        id="Anda akan diteruskan. Jika tidak terjadi apa-apa, tekan tombol ini.",
        en="You are being sent on. If nothing happens, press this button.",
    ),
    "continue": Sentence(id="Lanjutkan", en="Continue"),
    "signed_in_title": Sentence(id="Anda sudah masuk", en="You are signed in"),
    "signed_in_text": Sentence(
        id="Anda masuk sebagai {name}. Halaman ini boleh ditutup.",
        en="You are signed in as {name}. You may close this page.",
    ),
    "sign_out": Sentence(id="Keluar", en="Sign out"),
    "sign_out_title": Sentence(id="Keluar?", en="Sign out?"),
    "sign_out_for": Sentence(id="{client} meminta agar Anda keluar.", en="{client} asks you to sign out."),
    "sign_out_text": Sentence(
        id="Anda akan keluar dari Gapura di peramban ini, dan dari setiap aplikasi yang Anda masuki lewat sini.",
        en="You will be signed out of Gapura in this browser, and of every application that you signed in to with it.",
    ),
    "stay": Sentence(id="Tetap masuk", en="Stay signed in"),
    "signed_out_title": Sentence(id="Anda telah keluar", en="You are signed out"),
    "signed_out_text": Sentence(
        id="Anda sudah keluar dari Gapura di peramban ini. Halaman ini boleh ditutup.",
        en="You are signed out of Gapura in this browser. You may close this page.",
    ),
    "signing_out_text": Sentence(
        id="Aplikasi lain sedang diberi tahu. Sebentar lagi Anda diteruskan.",
        en="Other applications are being told. In a moment you will be sent on.",
    ),
    "continue_to": Sentence(id="Lanjutkan ke {client}", en="Continue to {client}"),
    "sign_in_again": Sentence(id="Masuk lagi", en="Sign in again"),
}

#: What a scope means to a person; one without words of its own is shown as it is.
SCOPES: Final[Mapping[str, Sentence]] = {
    "openid": Sentence(id="mengetahui siapa Anda di Gapura", en="know who you are at Gapura"),
    "profile": Sentence(id="melihat nama dan profil Anda", en="see your name and your profile"),
    "email": Sentence(id="melihat alamat surel Anda", en="see your e-mail address"),
    "phone": Sentence(id="melihat nomor telepon Anda", en="see your phone number"),
    "address": Sentence(id="melihat alamat rumah Anda", en="see your postal address"),
    "offline_access": Sentence(
        id="tetap memakai akses ini saat Anda tidak hadir", en="keep this access while you are away"
    ),
    "account": Sentence(id="mengelola akun Anda", en="manage your account"),
    "users:read": Sentence(id="melihat data pengguna", en="see the data of users"),
    "users:write": Sentence(id="mengubah data pengguna", en="change the data of users"),
    "products:write": Sentence(id="mengubah daftar produk", en="change the list of products"),
}
