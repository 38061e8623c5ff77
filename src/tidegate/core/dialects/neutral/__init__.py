"""What requests and answers mean, whichever dialect they are written in.

Each dialect reads and writes this form, so that there are as many translations as dialects and never one for each pair.
It is used only where client and target speak different dialects: the same dialect passes as the bytes that came.
`chat` and `embedding` are requests; `events` are answers, whole ones and streamed ones alike; `features` says what a
request uses, for the table of what each dialect can express.
"""
