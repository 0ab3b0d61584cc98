-- What wrk posts: one document with a text.
wrk.method = "POST"
wrk.body = '{"data":[{"text":"a text of a few words"}]}'
wrk.headers["Content-Type"] = "application/json"
