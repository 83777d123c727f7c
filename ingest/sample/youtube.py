"""YouTube Studio's exports: the table of videos, and tables by another dimension.

The form of a block is told in `layout.py`.
"""

from __future__ import annotations

#: Those that the sample world is written in.
WORLD = """
youtube_table;en;Asia/Jakarta;{t:%b} {t.day}, {t.year};3;
Table data.csv
Content=id|Video title=text|Video publish time=time|Duration=seconds|Views=views
Watch time (hours)=few|Subscribers=zero|Impressions=impressions
Impressions click-through rate (%)=rate|Likes=likes|Comments added=comments|Shares=shares

youtube_table;id;Asia/Jakarta;{t.day} {bulan:.3} {t.year};3;
Table data.csv
Konten=id|Judul video=text|Waktu publikasi video=time|Durasi=seconds|Penayangan=views
Waktu tonton (jam)=few|Subscriber=zero|Tayangan=impressions
Rasio klik-tayang dari tayangan (%)=rasio|Suka=likes|Komentar ditambahkan=comments|Pembagian=shares
"""

FURTHER = """
youtube_table;en;Asia/Jakarta;{t:%b} {t.day}, {t.year};1;
Table data.csv
Content=id|Video title=text|Video publish time=time|Duration=seconds|Engaged views=few
Views=views|Watch time (hours)=few|Subscribers=zero|Average view duration=seconds
Average percentage viewed (%)=rate|Unique viewers=reach|New viewers=few|Returning viewers=few
Subscribers gained=zero|Subscribers lost=zero|Likes=likes|Dislikes=zero|Likes (vs. dislikes) (%)
Shares=shares|Comments added=comments|YouTube Premium views=zero|Hypes=zero|Hype points=zero
Estimated revenue (USD)|Impressions=impressions|Impressions click-through rate (%)=rate

youtube_table;id;Asia/Jakarta;{t.day} {bulan} {t.year};1;
Table data.csv
Konten=id|Judul video=text|Waktu publikasi video=time|Durasi=seconds|Penayangan=views
Penonton unik=reach|Suka=likes|Tidak suka=zero|Pembagian=shares|Komentar ditambahkan=comments
Waktu tonton (jam)=few|Subscriber=zero|Tayangan=impressions
Rasio klik-tayang dari tayangan (%)=rasio

youtube_table;es;Asia/Jakarta;{t.day} {mes:.3} {t.year};1;
Table data.csv
Contenido=id|Título del video=text|Hora de publicación del video=time|Vistas=views
Tiempo de visualización (horas)=few|Suscriptores=zero|Impresiones=impressions

youtube_by_day;en;;{t:%Y-%m-%d};99;
Totals.csv
Date=day|Views=views

youtube_by_day;en;;{t:%Y-%m-%d};99;
Totals.csv
Date=day|Engaged views=views

youtube_by_day;id;;{t:%Y-%m-%d};99;
Totals.csv
Tanggal=day|Penayangan=views

youtube_chart;en;;{t:%Y-%m-%d};99;
Chart data.csv
Date=day|Content=video|Video title=text|Video publish time=published|Duration=zero|Views=views

youtube_chart;en;;{t:%Y-%m-%d};99;
Chart data.csv
Date=day|Geography=country|Views=views

youtube_chart;en;;{t:%Y-%m-%d};99;
Chart data.csv
Date=day|Traffic source=source|Engaged views=views

youtube_chart;id;;{t:%Y-%m-%d};99;
Chart data.csv
Tanggal=day|Konten=video|Penayangan=views

youtube_chart;id;;{t:%Y-%m-%d};99;
Chart data.csv
Tanggal=day|Geografi=country|Penayangan=views

youtube_chart;id;;{t:%Y-%m-%d};99;
Chart data.csv
Tanggal=day|Sumber traffic=source|Penayangan=views

youtube_by_country;en;;;99;
Table data.csv
Geography=country|Views=views|Watch time (hours)=zero

youtube_by_country;en;;;99;
Table data.csv
Geography=country|Engaged views=views

youtube_by_country;id;;;99;
Table data.csv
Geografi=country|Penayangan=views|Waktu tonton (jam)=zero

youtube_by_source;en;;;99;
Table data.csv
Traffic source=source|Views=views|Watch time (hours)=zero

youtube_by_source;en;;;99;
Table data.csv
Traffic source=source|Engaged views=views

youtube_by_source;id;;;99;
Table data.csv
Sumber traffic=source|Penayangan=views|Waktu tonton (jam)=zero
"""
