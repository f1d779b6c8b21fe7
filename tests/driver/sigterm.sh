# SIGTERM and SIGINT: the orderly end of a program, in its order, within its time.
cat > ends.scm <<'EOF'
(define (server name)
  (generic-server-start
   (make-generic-server-plugin
    (lambda () name)
    (lambda (term from state) (list 'reply state state))
    (lambda (term state) (list 'noreply state))
    (lambda (reason state)
      (log-error "last words" 'of state)
      (print (list 'terminate state reason))))))

(define (wait-for-ever) (recv (after 1000000 'never)))
(define (count-for-ever n) (count-for-ever (+ n 1)))

(define (main what)
  (log-start (list (log-to-file 'info "log")))
  (server 'first)
  (supervisor-start 'one-for-one
                    (list (make-child 'a (lambda () (server 'a)))
                          (make-child 'b (lambda () (server 'b)))))
  (spawn-thunk-supervised
   (lambda () (recv ((from tag 'shutdown) 'obeys) ('shutdown (print "a worker ends")))))
  (spawn
   (lambda ()
     (accept-shutdown)
     (recv ('shutdown (if (equal? what "deaf") (wait-for-ever) (print "a listener ends"))))))
  (dynamic-wind
   void
   (lambda ()
     (dynamic-wind
      void
      (lambda ()
        (if (equal? what "accepts") (accept-shutdown) (void))
        (print "ready")
        (flush-output-port)
        (cond ((equal? what "computes") (count-for-ever 0))
              ((equal? what "accepts")
               (recv ('shutdown (print "main ends"))))
              (else (wait-for-ever))))
      (lambda ()
        (print "inner")
        (flush-output-port)
        (cond ((equal? what "fails") (car '()))
              ((equal? what "hangs") (wait-for-ever))
              ((equal? what "hangs-computing") (count-for-ever 0))
              (else (void))))))
   (lambda () (print "outer"))))
EOF
"$TCC" ends.scm -o ends
mkfifo events

# begin ARGUMENT OPTION...: starts it; it is ready when this returns.
begin() {
    ./ends "$@" > events 2> errors &
    program=$!
    exec 3< events
    read -r line <&3
    [ "$line" = ready ]
}

# finish CODE: it ends with that code; what it has printed since.
finish() {
    cat <&3 | grep -v '^(info:' > printed || true
    code=0
    wait $program || code=$?
    [ $code = "$1" ]
}

servers='(terminate b normal)
(terminate a normal)
(terminate first normal)'
rest="a listener ends
a worker ends
$servers"

# Wherever the main process is: its `after` thunks, then the listeners, newest first.
for what in waits computes; do
    rm -f log
    begin $what
    kill $program
    finish 143
    [ "$(cat printed)" = "inner
outer
$rest" ]
    [ "$(grep -c 'last words' log)" = 3 ] # the logger ends after all others
    [ ! -s errors ]
done

begin waits
kill -INT $program
finish 130

# A main process that accepts the message is the first, and its end is not that of the others.
begin accepts
kill $program
finish 0
[ "$(cat printed)" = "main ends
inner
outer
$rest" ]

# What an `after` thunk raises is reported, and the end goes on.
begin fails
kill $program
finish 143
[ "$(cat printed)" = "inner
outer
$rest" ]
grep -q 'car: wrong type of argument: ()' errors

# A shell and a program around this one both pass a signal on.
begin waits
kill $program
sleep 0.005
kill $program 2> /dev/null || true
finish 143
[ "$(tail -n 1 printed)" = '(terminate first normal)' ]

# The time that the end may take.
begin deaf --termite-shutdown-timeout=0.5
kill $program
finish 143
[ "$(tail -n 4 printed)" = "a worker ends
$servers" ]
grep -q 'did not end within 0.2[0-9]* s after the message `shutdown`' errors

for what in hangs hangs-computing; do
    begin $what --termite-shutdown-timeout=0.3
    kill $program
    finish 143
    [ "$(cat printed)" = inner ]
    grep -q 'the orderly end took more than 0.3 s (--termite-shutdown-timeout)' errors

    # A second signal does not wait for that.
    begin $what --termite-shutdown-timeout=100000
    kill $program
    while read -r line <&3 && [ "$line" != inner ]; do true; done # the thunk that hangs has begun
    sleep 0.2
    kill $program
    finish 143
    [ ! -s printed ]
done

begin waits --termite-shutdown-timeout=0
kill $program
finish 143
[ ! -s printed ]
