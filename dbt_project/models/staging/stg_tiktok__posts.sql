{{ stage_posts('tiktok') }}
