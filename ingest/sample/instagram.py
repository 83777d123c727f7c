"""Instagram's exports: the content of posts, and of stories alone.

The form of a block is told in `layout.py`.
"""

from __future__ import annotations

#: Those that the sample world is written in.
WORLD = """
instagram_content;en;America/Los_Angeles;{t:%m/%d/%Y %H:%M};11;bom
{start:%b-%d-%Y}_{end:%b-%d-%Y}_{digits}.csv
Post ID=id|Account ID=owner|Account username=handle|Account name=name|Description=text
Duration (sec)=seconds|Publish time=time|Permalink=link|Post type=type|Data comment|Date=scope
Views=views|Reach=reach|Likes=likes|Shares=shares|Follows|Comments=comments|Saves=saves

instagram_content;id;America/Los_Angeles;{t:%m/%d/%Y %H:%M};11;bom
{start:%b-%d-%Y}_{end:%b-%d-%Y}_{digits}.csv
ID Postingan=id|ID Akun=owner|Nama pengguna akun=handle|Nama akun=name|Deskripsi=text
Durasi (detik)=seconds|Waktu penerbitan=time|Permalink=link|Jenis postingan=jenis|Komentar data
Tanggal=masa|Tayangan=views|Suka=likes|Frekuensi dibagikan=shares|Komentar=comments
Frekuensi Disimpan=saves|Jangkauan=reach|Mengikuti
"""

FURTHER = """
instagram_content;es;America/Los_Angeles;{t:%m/%d/%Y %H:%M};11;bom
{start:%b-%d-%Y}_{end:%b-%d-%Y}_{digits}.csv
identificador de la publicación=id|identificador de la cuenta=owner
nombre de usuario de la cuenta=handle|nombre de la cuenta=name|descripción=text
duración (segundos)=seconds|hora de publicación=time|enlace permanente=link
tipo de publicación=tipo|comentario sobre los datos|fecha=total|visualizaciones=views|alcance=reach
me gusta=likes|veces que se ha compartido=shares|seguidores|comentarios=comments
veces guardado=saves

instagram_content;es;America/Los_Angeles;{t:%m/%d/%Y %H:%M};11;bom
{start:%b-%d-%Y}_{end:%b-%d-%Y}_{digits}.csv
Identificador de la publicación=id|Identificador de la cuenta=owner
Nombre de usuario de la cuenta=handle|Nombre de la cuenta=name|Descripción=text
Duración (s)=seconds|Hora de publicación=time|Enlace permanente=link|Tipo de publicación=tipo
Comentario sobre los datos|Fecha=total|Visualizaciones=views|Alcance=reach|Me gusta=likes
Veces que se compartió=shares|Seguimientos|Comentarios=comments|Veces que se guardó=saves

instagram_stories;en;America/Los_Angeles;{t:%m/%d/%Y %H:%M};11;bom
{start:%b-%d-%Y}_{end:%b-%d-%Y}_{digits}.csv
Post ID=id|Account ID=owner|Account username=handle|Account name=name|Description=text
Duration (sec)=seconds|Publish time=time|Permalink=link|Post type=type|Data comment|Date=scope
Views=views|Reach=reach|Likes=likes|Shares=shares|Profile visits=zero|Replies=few
Sticker taps=zero|Navigation=few|Link clicks=zero|Follows

instagram_stories;id;America/Los_Angeles;{t:%m/%d/%Y %H:%M};11;bom
{start:%b-%d-%Y}_{end:%b-%d-%Y}_{digits}.csv
ID Postingan=id|ID Akun=owner|Nama pengguna akun=handle|Nama akun=name|Deskripsi=text
Durasi (detik)=seconds|Waktu penerbitan=time|Permalink=link|Jenis postingan=jenis|Komentar data
Tanggal=masa|Tayangan=views|Jangkauan=reach|Suka=likes|Frekuensi dibagikan=shares
Kunjungan profil=zero|Balasan=few|Navigasi=few|Ketukan stiker=zero|Klik tautan=zero|Mengikuti

instagram_stories;es;America/Los_Angeles;{t:%m/%d/%Y %H:%M};11;bom
{start:%b-%d-%Y}_{end:%b-%d-%Y}_{digits}.csv
Identificador de la publicación=id|Identificador de la cuenta=owner
Nombre de usuario de la cuenta=handle|Nombre de la cuenta=name|Descripción=text
Duración (s)=seconds|Hora de publicación=time|Enlace permanente=link|Tipo de publicación=tipo
Comentario sobre los datos|Fecha=total|Visualizaciones=views|Alcance=reach|Me gusta=likes
Veces que se compartió=shares|Visitas al perfil=zero|Respuestas=few|Navegación=few
Toques en stickers=zero|Clics en el enlace=zero|Seguimientos

instagram_stories;es;America/Los_Angeles;{t:%m/%d/%Y %H:%M};11;bom
{start:%b-%d-%Y}_{end:%b-%d-%Y}_{digits}.csv
identificador de la publicación=id|identificador de la cuenta=owner
nombre de usuario de la cuenta=handle|nombre de la cuenta=name|descripción=text
duración (segundos)=seconds|hora de publicación=time|enlace permanente=link|tipo de publicación=tipo
comentario sobre los datos|fecha=total|visualizaciones=views|alcance=reach|me gusta=likes
veces que se ha compartido=shares|visitas al perfil=zero|respuestas=few|navegación=few
toques en stickers=zero|clics en el enlace=zero|seguidores
"""
