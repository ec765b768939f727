"""The demo shop: about two hundred things that a shop in Indonesia might sell. Shops, brands and texts are invented."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Connection

from gapura_chassis.clock import system_clock
from gapura_products.product import ProductDetails
from gapura_products.store.products import insert_products

# the three products of the guide keep the numbers 1 to 3
GUIDE = (
    ProductDetails(
        name="Laptop XYZ",
        sku="LAPTOP-XYZ",
        price=15_000_000,
        stock=12,
        category="komputer",
        description="Laptop 14 inci untuk kerja dan kuliah: RAM 16 GB, SSD 512 GB, baterai tahan sepuluh jam.",
    ),
    ProductDetails(
        name="Smartphone ABC",
        sku="SMARTPHONE-ABC",
        price=5_000_000,
        stock=40,
        category="ponsel",
        description="Layar 6,5 inci, memori 128 GB, dua kartu SIM, dan kamera yang tetap jernih di malam hari.",
    ),
    ProductDetails(
        name="Headphone DEF",
        sku="HEADPHONE-DEF",
        price=1_000_000,
        stock=25,
        category="audio",
        description="Headphone nirkabel dengan peredam bising aktif dan bantalan telinga yang lembut.",
    ),
)

#: Category, prefix of its SKUs, and a line for each product: name | price in rupiah | stock | description.
SHELVES = (
    (
        "komputer",
        "KOM",
        """
        Laptop Sagara 13 Ringan | 11750000 | 9 | Bodi aluminium 1,1 kg, layar 13 inci, cocok dibawa setiap hari.
        Laptop Sagara 16 Kreator | 23499000 | 4 | Layar 16 inci berwarna akurat dan kartu grafis untuk menyunting video.
        PC Mini Lontar M2 | 6890000 | 14 | Komputer sekecil kotak makan, hening, dengan RAM 16 GB.
        Monitor Lontar 24 Inci IPS | 1649000 | 30 | Resolusi Full HD, bingkai tipis, tinggi dapat diatur.
        Monitor Lontar 27 Inci 4K | 4275000 | 11 | Gambar 4K yang tajam, satu kabel USB-C untuk gambar dan daya.
        Papan Ketik Mekanik Tuts 75 | 789000 | 36 | Tata letak 75 persen, sakelar senyap yang bisa diganti.
        Tetikus Nirkabel Geser | 189000 | 120 | Ergonomis untuk tangan kanan, baterai awet setahun.
        SSD Eksternal Simpan 1 TB | 1239000 | 45 | Kecepatan baca 1000 MB/s dalam bodi tahan jatuh.
        Dudukan Laptop Lipat Bambu | 145000 | 60 | Bambu laminasi dari Tasikmalaya, tiga tingkat ketinggian.
        Kabel USB-C ke USB-C 2 Meter | 89000 | 200 | Mendukung daya 100 W, anyaman nilon yang tidak mudah kusut.
        """,
    ),
    (
        "ponsel",
        "PON",
        """
        Smartphone Kirana 5 Lite | 2199000 | 55 | Baterai 5000 mAh, layar 90 Hz, pas untuk pelajar.
        Smartphone Kirana 5 Pro | 6999000 | 18 | Kamera tiga lensa dengan zum optik dan pengisian 67 W.
        Ponsel Tombol Kirana Klasik | 329000 | 70 | Huruf besar, senter, dan baterai tahan seminggu untuk orang tua.
        Tablet Kirana Baca 11 | 3899000 | 16 | Layar 11 inci yang nyaman di mata, lengkap dengan pena.
        Pengisi Daya Cepat 45 W | 249000 | 90 | Dua lubang USB-C, aman dari panas berlebih.
        Bank Daya Sangu 10000 mAh | 275000 | 85 | Tipis, boleh dibawa ke kabin pesawat, mengisi dua gawai sekaligus.
        Bank Daya Sangu 20000 mAh | 425000 | 52 | Cukup untuk mudik dua hari, dengan layar sisa daya.
        Pelindung Layar Kaca Bening | 59000 | 300 | Kekerasan 9H, dipasang sendiri dengan bingkai bantu.
        Dudukan Ponsel Motor Erat | 119000 | 75 | Penjepit logam dengan peredam getar untuk kamera ponsel.
        Tripod Ponsel Lentur | 99000 | 64 | Kaki lentur yang bisa melilit pagar, dengan pemicu jarak jauh.
        """,
    ),
    (
        "audio",
        "AUD",
        """
        Earphone Kabel Gending | 129000 | 140 | Bas yang bulat dan mikrofon untuk rapat daring.
        Earbud Nirkabel Gending Air | 449000 | 58 | Tahan keringat, total 28 jam dengan kotaknya.
        Headphone Studio Gending S1 | 1350000 | 13 | Suara netral untuk menyunting musik dan siniar.
        Pengeras Suara Portabel Kentongan | 549000 | 37 | Tahan air, suara ke segala arah, 12 jam tanpa colokan.
        Soundbar Ruang Keluarga 2.1 | 1890000 | 10 | Lengkap dengan subwoofer nirkabel dan HDMI ARC.
        Mikrofon Siniar USB Ujar | 899000 | 22 | Pola kardioid, tombol bisu, dan pemantauan langsung.
        Pemutar Piringan Hitam Putar | 2450000 | 6 | Digerakkan sabuk, keluaran Bluetooth, penutup akrilik.
        Ukulele Konser Mahoni | 675000 | 15 | Suara hangat, senar nilon, buatan perajin Sukoharjo.
        Angklung Satu Oktaf | 385000 | 20 | Bambu hitam dari Saung Bandung, delapan nada pada satu rak.
        Harmonika Diatonis C | 159000 | 44 | Dua puluh lubang suara, kotak kaku untuk bepergian.
        """,
    ),
    (
        "kamera",
        "KAM",
        """
        Kamera Mirrorless Lensa Kit | 9850000 | 7 | Sensor APS-C 24 megapiksel dengan lensa 18-45 mm.
        Kamera Saku Bidik 20 | 3125000 | 12 | Zum optik delapan kali, muat di saku kemeja.
        Kamera Aksi Bidik Tahan Air | 2590000 | 19 | Rekaman 4K sampai kedalaman 10 meter tanpa wadah.
        Kamera Instan Cetak | 1199000 | 24 | Foto langsung jadi seukuran kartu, cocok untuk pesta.
        Tripod Aluminium 160 cm | 465000 | 33 | Kepala bola, kait pemberat, dan tas jinjing.
        Lensa Potret 50 mm F1.8 | 1975000 | 9 | Latar belakang lembut dan tajam di tengah.
        Tas Kamera Selempang Kanvas | 389000 | 28 | Sekat empuk yang bisa dipindah, dengan jas hujan.
        Kartu Memori 128 GB V30 | 215000 | 110 | Cukup cepat untuk rekaman 4K tanpa putus.
        Lampu Cincin 26 cm | 175000 | 47 | Tiga warna cahaya, dudukan ponsel, daya USB.
        Drone Capung Mini | 4350000 | 5 | Di bawah 250 gram, terbang 30 menit, kamera 4K.
        """,
    ),
    (
        "dapur",
        "DAP",
        """
        Penanak Nasi Pulen 1,8 Liter | 445000 | 38 | Panci anti lengket dengan mode bubur dan kukus.
        Wajan Baja Karbon 32 cm | 235000 | 42 | Makin sering dipakai makin licin, tahan api besar.
        Cobek Batu Muntilan 25 cm | 115000 | 31 | Dipahat dari batu gunung utuh, lengkap dengan ulekan.
        Blender Giling Bumbu 2 in 1 | 389000 | 29 | Gelas besar untuk jus, gelas kecil untuk bumbu basah.
        Kompor Portabel Gas Kaleng | 265000 | 50 | Api stabil di luar rumah, dengan pengaman tekanan.
        Pisau Koki Baja 20 cm | 198000 | 66 | Ditempa di Ciwidey, gagang kayu sonokeling.
        Talenan Kayu Jati Utuh | 165000 | 40 | Satu potong kayu jati, dioles minyak kelapa.
        Panci Presto 7 Liter | 625000 | 17 | Tulang ikan bandeng lunak dalam satu jam.
        Dandang Kukus 28 cm | 219000 | 26 | Dua susun, tutup kaca, untuk nasi tumpeng dan bolu.
        Teko Enamel Blirik Hijau | 98000 | 58 | Corak blirik seperti di dapur nenek, isi 1,5 liter.
        """,
    ),
    (
        "kopi-teh",
        "KOP",
        """
        Kopi Arabika Gayo 250 g | 95000 | 80 | Rempah dan cokelat, sangrai sedang, dari petani Aceh Tengah.
        Kopi Arabika Kintamani 250 g | 98000 | 74 | Segar seperti jeruk, diolah basah di lereng Gunung Batur.
        Kopi Arabika Toraja 250 g | 105000 | 63 | Badan tebal dengan jejak gula aren.
        Kopi Robusta Temanggung 500 g | 79000 | 92 | Pahit tegas untuk kopi tubruk dan kopi susu.
        Kopi Luwak Kebun Liar 100 g | 350000 | 8 | Dipungut dari kebun, bukan dari kandang, jumlah terbatas.
        Teh Melati Pekalongan 200 g | 32000 | 150 | Wangi melati segar, diseduh pekat lalu diberi gula batu.
        Teh Hijau Pegunungan 100 g | 48000 | 67 | Dipetik di ketinggian 1500 meter, rasa ringan.
        Wedang Uwuh Imogiri 10 Bungkus | 55000 | 88 | Secang, jahe, cengkih, dan kayu manis dalam satu seduhan.
        Penggiling Kopi Manual Puter | 429000 | 21 | Mata pisau keramik, 20 tingkat kehalusan.
        Set Seduh V60 Kaca | 289000 | 27 | Corong, server 600 ml, dan 40 lembar saringan.
        """,
    ),
    (
        "makanan",
        "MAK",
        """
        Rendang Sapi Kaleng 200 g | 68000 | 95 | Dimasak delapan jam dengan santan dan rempah Minang.
        Sambal Roa Botol 150 g | 45000 | 130 | Ikan roa asap dari Manado, pedas dan gurih.
        Sambal Bawang Rumahan 150 g | 38000 | 145 | Cabai rawit dan bawang merah, tanpa pengawet.
        Abon Sapi Manis 250 g | 89000 | 70 | Serat panjang, digoreng kering, teman nasi hangat.
        Keripik Tempe Renyah 200 g | 27000 | 180 | Tempe tipis berlapis tepung beras dan daun jeruk.
        Kerupuk Udang Sidoarjo 500 g | 42000 | 99 | Kerupuk mentah dengan udang yang terasa.
        Bumbu Nasi Goreng Kampung 5 Saset | 19000 | 220 | Satu saset untuk dua piring, tinggal tambah telur.
        Gula Aren Cair 350 ml | 36000 | 105 | Nira pilihan dari Lebak, untuk kopi dan kue.
        Madu Hutan Sumbawa 500 ml | 175000 | 34 | Madu lebah liar, disaring tanpa dipanaskan.
        Bakpia Kacang Hijau Isi 15 | 48000 | 76 | Kulit tipis berlapis, dipanggang setiap pagi.
        """,
    ),
    (
        "batik-tenun",
        "BTK",
        """
        Kemeja Batik Parang Lengan Panjang | 329000 | 23 | Katun primisima, motif parang, potongan rapi untuk kantor.
        Kemeja Batik Mega Mendung | 299000 | 25 | Awan khas Cirebon dalam biru bertingkat.
        Kain Batik Tulis Sidomukti | 1450000 | 5 | Dicanting tangan di Laweyan, 2,4 meter.
        Kain Batik Cap Kawung | 275000 | 32 | Pewarna alam dari kulit kayu tingi.
        Gaun Batik Kombinasi Lurik | 385000 | 14 | Potongan A dengan saku, adem dipakai seharian.
        Selendang Tenun Ikat Sumba | 890000 | 8 | Ditenun tiga bulan, motif kuda dan ayam.
        Sarung Tenun Samarinda | 465000 | 19 | Benang halus yang jatuh, corak hatta.
        Kain Songket Benang Emas | 2750000 | 3 | Songket Palembang untuk hari bahagia.
        Syal Lurik Klaten | 85000 | 57 | Garis klasik, ringan untuk perjalanan malam.
        Taplak Meja Batik 150 cm | 145000 | 29 | Motif pesisir yang cerah, mudah dicuci.
        """,
    ),
    (
        "sepatu",
        "SPT",
        """
        Sepatu Lari Derap 1 | 549000 | 41 | Bantalan ringan untuk lari harian sampai 10 km.
        Sepatu Lari Lintas Alam Derap Rimba | 689000 | 22 | Sol bergerigi untuk tanah basah dan akar pohon.
        Sepatu Kulit Pantofel Resmi | 475000 | 18 | Kulit sapi asli dari Cibaduyut, sol dijahit.
        Sepatu Kanvas Langkah Putih | 219000 | 83 | Sederhana, mudah dipadukan, boleh dicuci mesin.
        Sandal Gunung Tapak | 189000 | 69 | Tali tiga titik yang tidak licin di sungai.
        Sandal Jepit Karet Alam | 35000 | 260 | Empuk, tidak mudah putus, karet dari Jambi.
        Sepatu Anak Sekolah Hitam | 165000 | 94 | Perekat mudah, sol tahan gesek, sesuai aturan sekolah.
        Sepatu Futsal Gocek | 329000 | 35 | Cengkeram rata untuk lapangan vinil.
        Selop Batik Wanita | 129000 | 46 | Hak 3 cm, ringan, serasi dengan kebaya.
        Kaus Kaki Serat Bambu 3 Pasang | 59000 | 170 | Tidak bau, lembut, kering dalam semalam.
        """,
    ),
    (
        "tas",
        "TAS",
        """
        Ransel Laptop Kelana 25 L | 345000 | 43 | Sekat laptop 15 inci, kain tahan percik, tali dada.
        Ransel Gunung Kelana 60 L | 985000 | 11 | Rangka punggung yang bisa disetel, dengan jas hujan.
        Tas Selempang Kanvas Harian | 159000 | 62 | Muat buku, botol, dan payung lipat.
        Tas Anyam Pandan Jinjing | 125000 | 39 | Dianyam di Rajapolah, gagang kulit.
        Tas Rotan Bundar | 175000 | 27 | Rotan Lombok diasap, kancing kulit, furing batik.
        Dompet Kulit Lipat Dua | 189000 | 54 | Delapan kartu, kulit sapi dari Garut.
        Koper Kabin 20 Inci | 695000 | 20 | Empat roda putar, kunci angka, ringan 2,6 kg.
        Tas Belanja Lipat | 29000 | 310 | Menjadi segenggam, kuat sampai 12 kg.
        Pouch Kosmetik Tenun | 65000 | 77 | Tenun Jepara dengan lapisan tahan air.
        Tas Pinggang Lari | 89000 | 59 | Tidak berguncang, muat ponsel dan kunci.
        """,
    ),
    (
        "kecantikan",
        "KEC",
        """
        Sabun Mandi Minyak Kelapa | 22000 | 190 | Dibuat dingin selama enam minggu, lembut di kulit.
        Lulur Boreh Bali 200 g | 54000 | 65 | Rempah hangat yang dilulurkan setelah hari panjang.
        Sampo Batangan Urang-Aring | 39000 | 84 | Tanpa botol plastik, cukup untuk 60 kali keramas.
        Minyak Zaitun Rambut 100 ml | 47000 | 73 | Dioles di ujung rambut sebelum tidur.
        Tabir Surya Teduh SPF 50 | 79000 | 115 | Ringan, tidak meninggalkan putih, untuk kulit tropis.
        Pelembap Lidah Buaya 100 ml | 45000 | 128 | Gel dingin untuk wajah sehabis terpapar matahari.
        Lipstik Merona Bata | 69000 | 56 | Warna bata yang hangat, tidak mengeringkan bibir.
        Bedak Dingin Beras | 25000 | 97 | Beras dan bunga, resep turun-temurun.
        Masker Wajah Kunyit 80 g | 34000 | 89 | Dicampur air mawar, bilas setelah 15 menit.
        Parfum Melati Malam 50 ml | 149000 | 36 | Melati, cendana, dan sedikit vanila.
        """,
    ),
    (
        "kesehatan",
        "KES",
        """
        Minyak Kayu Putih Buru 120 ml | 52000 | 160 | Disuling di Pulau Buru, hangat dan wangi.
        Jamu Kunyit Asam 6 Botol | 72000 | 48 | Segar, tanpa gula buatan, disimpan dingin.
        Beras Kencur Instan 10 Saset | 33000 | 102 | Tinggal seduh, untuk badan yang lelah.
        Termometer Digital Cepat | 49000 | 87 | Hasil dalam 10 detik, ujung lentur.
        Tensimeter Lengan Otomatis | 389000 | 24 | Menyimpan 90 pengukuran untuk dua orang.
        Timbangan Badan Kaca | 175000 | 33 | Ketelitian 100 gram, mati sendiri.
        Masker Medis Isi 50 | 28000 | 400 | Tiga lapis, tali telinga lembut.
        Kotak P3K Keluarga | 139000 | 41 | Perban, antiseptik, gunting, dan buku panduan.
        Bantal Leher Perjalanan | 85000 | 52 | Busa yang mengingat bentuk, sarung bisa dicuci.
        Alat Pijat Kayu Refleksi | 45000 | 68 | Untuk telapak kaki sambil menonton televisi.
        """,
    ),
    (
        "olahraga",
        "OLR",
        """
        Raket Bulu Tangkis Smes 80 | 359000 | 30 | Rangka karbon 80 gram, seimbang untuk ganda.
        Kok Bulu Angsa Isi 12 | 115000 | 96 | Terbang lurus, tahan tiga set latihan.
        Bola Sepak Jahit Ukuran 5 | 189000 | 45 | Dijahit tangan di Majalengka, untuk rumput.
        Bola Voli Lembut | 165000 | 38 | Permukaan empuk, tidak sakit di lengan.
        Bola Takraw Rotan Sintetis | 79000 | 50 | Ukuran pertandingan, warna mencolok.
        Matras Yoga 6 mm | 145000 | 61 | Tidak licin walau berkeringat, dengan tali bahu.
        Barbel Vinil 3 kg Sepasang | 175000 | 34 | Tidak menggores lantai, pegangan segi enam.
        Tali Lompat Bantalan | 55000 | 90 | Panjang dapat diatur, gagang kayu.
        Sepeda Lipat Kayuh 20 Inci | 3250000 | 8 | Tujuh kecepatan, dilipat dalam 15 detik.
        Helm Sepeda Angin | 289000 | 26 | Sembilan belas lubang udara, ukuran disetel.
        """,
    ),
    (
        "kemah",
        "KMH",
        """
        Tenda Dua Orang Kelana | 895000 | 15 | Berdiri dalam lima menit, tahan hujan 2000 mm.
        Tenda Keluarga Enam Orang | 2150000 | 6 | Dua kamar dan teras, tinggi untuk berdiri.
        Kantong Tidur Ringan 1 kg | 425000 | 28 | Nyaman sampai 10 derajat, untuk gunung di Jawa.
        Matras Lipat Aluminium | 65000 | 88 | Menahan dingin dari tanah, ringan dibawa.
        Kompor Gunung Lipat | 185000 | 42 | Hanya 95 gram, dengan pemantik.
        Lampu Kepala 300 Lumen | 129000 | 72 | Diisi lewat USB, tahan hujan, lampu merah untuk malam.
        Hammock Parasut Tunggal | 135000 | 49 | Kuat sampai 200 kg, lengkap dengan tali.
        Botol Minum Baja 750 ml | 149000 | 103 | Dingin 24 jam, panas 12 jam.
        Jas Hujan Ponco Dewasa | 95000 | 81 | Menutup ransel, kancing samping.
        Pisau Lipat Serbaguna | 225000 | 37 | Sebelas alat dalam satu genggaman.
        """,
    ),
    (
        "perabot",
        "PRB",
        """
        Kursi Kerja Tegak | 1490000 | 12 | Sandaran jala, penyangga pinggang, roda senyap.
        Meja Kerja Kayu Sungkai 120 cm | 1275000 | 9 | Lubang kabel dan dua laci.
        Rak Buku Lima Tingkat | 675000 | 16 | Kayu pinus dari hutan tanam, mudah dirakit.
        Kursi Rotan Teras | 845000 | 10 | Dianyam di Cirebon, tahan cuaca di bawah atap.
        Meja Lipat Lesehan | 165000 | 53 | Untuk belajar dan sarapan di tikar.
        Lampu Meja Baca Lentur | 199000 | 46 | Tiga tingkat terang, cahaya tidak berkedip.
        Tikar Pandan 2 x 3 Meter | 285000 | 22 | Anyaman rapat, sejuk, mudah digulung.
        Bantal Kapuk Asli | 75000 | 66 | Kapuk randu, padat, dijemur makin empuk.
        Seprai Katun 160 x 200 | 265000 | 40 | Benang 300, lengkap dengan dua sarung bantal.
        Jam Dinding Kayu Jati | 179000 | 31 | Jarum senyap, serat kayu tidak ada yang sama.
        """,
    ),
    (
        "taman",
        "TMN",
        """
        Pot Tanah Liat Plered 25 cm | 42000 | 74 | Bernapas, sehingga akar tidak mudah busuk.
        Pupuk Kompos Matang 5 kg | 25000 | 210 | Dari daun dan kotoran sapi, tidak berbau.
        Benih Cabai Rawit Isi 50 | 12000 | 340 | Berbuah dalam tiga bulan, tahan layu.
        Benih Kangkung Darat 100 g | 15000 | 280 | Panen pertama setelah 25 hari.
        Gunting Dahan Tajam | 89000 | 58 | Baja karbon, pegas ganda, kunci pengaman.
        Selang Air Lentur 15 Meter | 145000 | 44 | Tidak tertekuk, semprotan tujuh pola.
        Sekop Taman Gagang Kayu | 48000 | 79 | Tempaan Tegal, pas di tangan.
        Anggrek Bulan Putih | 135000 | 17 | Dua tangkai, dikirim dalam pot dan kotak berlubang.
        Kaktus Mini Isi 6 | 65000 | 62 | Enam jenis, cukup disiram dua minggu sekali.
        Rak Tanaman Besi Tiga Susun | 235000 | 25 | Cat tahan karat, muat sembilan pot.
        """,
    ),
    (
        "buku",
        "BKU",
        """
        Resep Dapur Nusantara | 125000 | 48 | Seratus resep dari dua puluh provinsi, dengan foto.
        Belajar Python dari Nol | 98000 | 71 | Dari variabel sampai layanan web, dengan latihan.
        Membangun Layanan Kecil | 119000 | 33 | Cara membagi sistem tanpa kehilangan tidur.
        Hujan di Kota Lama | 79000 | 55 | Novel tentang tiga sahabat di Semarang.
        Kumpulan Dongeng Kancil | 55000 | 86 | Dua belas dongeng bergambar sebelum tidur.
        Atlas Gunung Api Indonesia | 189000 | 20 | Peta, sejarah letusan, dan jalur pendakian.
        Mengenal Burung Kampung | 87000 | 39 | Delapan puluh jenis, suara lewat kode QR.
        Buku Tulis Garis Isi 10 | 42000 | 240 | Lima puluh lembar, kertas 70 gram.
        Jurnal Sampul Batik A5 | 68000 | 93 | Kertas krem, pita pembatas, sampul kain.
        Kamus Saku Jawa-Indonesia | 59000 | 47 | Sepuluh ribu kata dengan tingkat tutur.
        """,
    ),
    (
        "anak",
        "ANK",
        """
        Balok Kayu Susun 50 Keping | 159000 | 35 | Cat aman untuk digigit, sudut tumpul.
        Congklak Kayu Lipat | 99000 | 41 | Enam belas lubang dengan biji kerang.
        Boneka Kain Si Komo | 85000 | 57 | Boneka komodo empuk, boleh dicuci.
        Gasing Bambu Dengung | 32000 | 98 | Berdengung bila diputar, dengan tali.
        Layang-Layang Janggan Kecil | 48000 | 64 | Ekor panjang seperti di Bali, mudah terbang.
        Puzzle Peta Nusantara | 75000 | 52 | Tiga puluh delapan keping, satu untuk setiap provinsi.
        Krayon Cerah 24 Warna | 39000 | 134 | Tidak mengotori tangan, mudah dihapus dari dinding.
        Gendongan Kain Jarik | 145000 | 30 | Katun lebar dengan cincin, nyaman untuk bayi.
        Popok Kain Isi 3 | 129000 | 43 | Bisa disetel sampai 15 kg, dengan sisipan bambu.
        Botol Susu Kaca 240 ml | 69000 | 76 | Tahan panas, dot bentuk alami.
        """,
    ),
    (
        "otomotif",
        "OTO",
        """
        Helm Setengah Muka Laju | 325000 | 29 | Bersertifikat SNI, kaca gelap dan bening.
        Jaket Motor Tahan Angin | 289000 | 33 | Pelindung siku, bahan adem di kemacetan.
        Sarung Tangan Motor Layar Sentuh | 75000 | 91 | Telapak tidak licin, ujung jari untuk ponsel.
        Oli Mesin Motor 10W-40 1 L | 58000 | 155 | Untuk motor bebek dan sport harian.
        Pompa Ban Elektrik Mini | 345000 | 26 | Berhenti sendiri pada tekanan yang dipilih.
        Kit Tambal Ban Tubeles | 65000 | 70 | Lima cacing, penusuk, dan lem.
        Sampo Mobil Busa 1 L | 42000 | 108 | Tidak mengikis lilin, wangi jeruk.
        Kain Mikrofiber Isi 5 | 35000 | 185 | Menyerap air tanpa menggores cat.
        Kamera Dasbor Saksi | 749000 | 21 | Merekam depan dan belakang, tetap jelas malam hari.
        Pewangi Mobil Kopi | 29000 | 165 | Biji kopi asli dalam kantung serat.
        """,
    ),
    (
        "hewan",
        "HWN",
        """
        Makanan Kucing Ikan Laut 1 kg | 62000 | 118 | Untuk kucing dewasa, bulu berkilau.
        Makanan Anjing Ayam 2 kg | 125000 | 54 | Butiran sedang, tanpa pewarna.
        Pasir Kucing Gumpal 10 L | 68000 | 97 | Menggumpal cepat, wangi teh hijau.
        Kandang Burung Jati Bulat | 245000 | 14 | Jeruji bambu, alas yang mudah dilepas.
        Pakan Burung Kenari 500 g | 28000 | 125 | Campuran biji pilihan supaya rajin berkicau.
        Akuarium Kaca 30 Liter | 275000 | 12 | Lengkap dengan penyaring dan lampu.
        Pakan Ikan Cupang 50 g | 15000 | 230 | Butiran kecil yang terapung.
        Tali Tuntun Anjing Kuat | 79000 | 48 | Anyaman nilon 1,5 meter, gagang empuk.
        Garukan Kucing Tiang | 165000 | 23 | Tali rami tebal, alas berat tidak goyang.
        Kalung Kucing Lonceng | 19000 | 195 | Kancing lepas sendiri bila tersangkut.
        """,
    ),
)


def demo_products() -> Iterator[ProductDetails]:
    """Return the products of the demo shop in the order of their numbers."""
    yield from GUIDE
    for category, prefix, shelf in SHELVES:
        for number, line in enumerate(shelf.strip().splitlines(), start=1):
            name, price, stock, description = (part.strip() for part in line.split("|"))
            yield ProductDetails(
                name=name,
                sku=f"{prefix}-{number:03}",
                price=int(price),
                stock=int(stock),
                category=category,
                description=description,
            )


def fill_with_demo_products(connection: Connection) -> None:
    """Fill a new database."""
    insert_products(connection, list(demo_products()), datetime.fromtimestamp(system_clock(), UTC))
