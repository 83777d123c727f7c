select
    platform,
    platform_name,
    precision_of_time,
    is_saves_reported
from (
    values
        ('instagram', 'Instagram', 'minute', true),
        ('facebook', 'Facebook', 'minute', false),
        ('x', 'X', 'second', true),
        ('tiktok', 'TikTok', 'second', true),
        ('youtube', 'YouTube', 'day', false)
) as platforms (platform, platform_name, precision_of_time, is_saves_reported)
